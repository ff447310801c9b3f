"""From a case file to a Case: names become objects, places become nodes, spreads are drawn, mistakes are collected."""
