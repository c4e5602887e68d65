"""How jieba's tokens are found: its dictionary, its hidden Markov model, and ways to cut many texts at once."""
