"""Problems that keep their identity: the register's tables, its store and the life cycle. The only SQL of genyin."""
