"""The union tree, and the posts people hold in it."""
