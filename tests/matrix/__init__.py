"""The whole matrix of who may see and do what, compared with a naive oracle on random trees."""
