"""The page: wiring only. Each tab is a file with `ID` and `build(page)`."""
