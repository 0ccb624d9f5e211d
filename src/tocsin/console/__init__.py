"""What a watch sees of its centre and does at it, over HTTP. The pages are in `pages`, their sources in web/."""
