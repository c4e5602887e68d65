"""From single complaints to the problems behind them: grouping, naming, matching with known problems."""
