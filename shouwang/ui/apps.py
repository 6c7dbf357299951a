from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "shouwang.ui"
    label = "ui"
