"""Speed and accuracy of the tracker."""
