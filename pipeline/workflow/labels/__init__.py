"""Labels: a queue out, answers in, where they are kept, and whether more of them are worth the work."""
