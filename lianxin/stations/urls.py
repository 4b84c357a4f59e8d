"""Addresses of stations."""

from __future__ import annotations

from django.urls import path

from lianxin.stations import rest
from lianxin.stations.views import desk, editing, home, importing, kiosks, public

app_name = "stations"
urlpatterns = [
    path("stations/", public.station_list, name="station_list"),
    path("stations/open-now/", home.open_card, name="open_card"),
    path("stations/in/<slug:district>/", public.station_district, name="station_district"),
    path("stations/in/<slug:district>/rows.json", public.station_rows, name="station_rows"),
    path("stations/in/<slug:district>/kept/", public.station_kept, name="station_kept"),
    path("stations/<slug:code>/", public.station_page, name="station_page"),
    path("stations/<slug:code>/report/", public.station_report, name="station_report"),
    path("stations/<slug:code>/told/<str:ticket>/", public.station_told, name="station_told"),
    path("open/stations/", rest.open_data, name="open_data"),
    path("open/stations.json", rest.open_stations, name="open_stations"),
    path("open/stations.geojson", rest.open_geojson, name="open_geojson"),
    path("open/stations.csv", rest.open_csv, name="open_csv"),
    path("open/stations/where.json", rest.open_where, name="open_where"),
    path("open/stations/schema.json", rest.open_schema, name="open_schema"),
    path("desk/stations/", desk.desk_list, name="desk_list"),
    path("desk/stations/new/", editing.station_new, name="station_new"),
    path("desk/stations/import/", importing.import_new, name="import_new"),
    path("desk/station-imports/<uuid:run_id>/", importing.import_one, name="import_one"),
    path("desk/station-imports/<uuid:run_id>/act/", importing.import_act, name="import_act"),
    path(
        "desk/station-imports/<uuid:run_id>/problems/",
        importing.import_problems,
        name="import_problems",
    ),
    path("desk/stations/<slug:code>/edit/", editing.station_edit, name="station_edit"),
    path("desk/stations/<slug:code>/hours/", editing.station_hours, name="station_hours"),
    path("desk/stations/<slug:code>/days/", editing.station_days, name="station_days"),
    path(
        "desk/stations/<slug:code>/days/<uuid:days_id>/remove/",
        editing.days_remove,
        name="days_remove",
    ),
    path("desk/stations/<slug:code>/keepers/", editing.station_keepers, name="station_keepers"),
    path(
        "desk/stations/<slug:code>/keepers/<uuid:keeping_id>/remove/",
        editing.keeper_remove,
        name="keeper_remove",
    ),
    path("desk/stations/<slug:code>/kiosks/", kiosks.station_kiosks, name="station_kiosks"),
    path("desk/stations/<slug:code>/kiosks/<uuid:kiosk_id>/", kiosks.kiosk_code, name="kiosk_code"),
    path(
        "desk/stations/<slug:code>/kiosks/<uuid:kiosk_id>/remove/",
        kiosks.kiosk_remove,
        name="kiosk_remove",
    ),
    path("desk/stations/<slug:code>/end/", editing.station_end, name="station_end"),
    path("desk/stations/<slug:code>/", desk.station_desk, name="station_desk"),
    path("desk/stations/<slug:code>/shut/", desk.station_shut, name="station_shut"),
    path("desk/stations/<slug:code>/reopen/", desk.station_reopen, name="station_reopen"),
    path("desk/troubles/<uuid:trouble_id>/", desk.trouble, name="trouble"),
]
