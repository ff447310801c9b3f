"""The fonts of the pictures, and how they are made."""
