"""What finds rows that say again what an earlier row said."""
