"""`make screens`: a picture of each screen with the demo in it, on a phone and wide, light and dark."""
