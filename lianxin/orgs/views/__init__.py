"""The pages of the union tree and of the posts in it."""
