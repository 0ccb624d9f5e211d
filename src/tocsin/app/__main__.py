"""`python -m tocsin.app`."""

from tocsin.app.main import main

main()
