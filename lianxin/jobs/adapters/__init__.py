"""The job table behind the django-tasks API, so that another backend may take its place."""
