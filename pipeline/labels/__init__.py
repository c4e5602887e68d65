"""Labels that people give: which rows to ask for, who agrees with whom, which look wrong, where they are kept."""
