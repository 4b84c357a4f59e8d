"""Lianxin 连心: the bridge between a union and its workers."""
