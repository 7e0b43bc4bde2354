"""Where everything meets: the kernel, then the plugins, then the check that nothing is left open."""

from pathlib import Path

from flask import Flask
from werkzeug.middleware.proxy_fix import ProxyFix

from inspire_lms.arriving import Arrivals
from inspire_lms.kernel import bus, db, i18n, jobs, mail, plugin
from inspire_lms.kernel.plugin import Every
from inspire_lms.kernel.web import admin_pages, guard, pages, people_pages, programme_pages, sign_in, site, statement_pages
from inspire_lms.kernel.web.account import profile_pages
from inspire_lms.kernel.web.mails import mail_pages
from inspire_lms.settings import Settings

KERNEL_PAGES = (
    pages.pages,
    sign_in.pages,
    people_pages.pages,
    profile_pages.pages,
    programme_pages.pages,
    admin_pages.pages,
    mail_pages.pages,
    statement_pages.pages,
)
"""The pages that are there without any plugin."""

HERE = Path(__file__).parent
WEB = HERE / "kernel" / "web"


def top(folder: str) -> Path:
    """Find a folder that stands at the top of a checkout and inside an installed package."""
    inside = HERE / folder
    return inside if inside.is_dir() else HERE.parent / folder


def create_app(settings: Settings, plugins: list[plugin.Plugin] | None = None) -> Flask:
    """Make the application; *plugins* None means all that are found, but for those that the settings leave out."""
    app = Flask(
        "inspire_lms",
        template_folder=str(WEB / "templates"),
        static_folder=str(WEB / "static"),
        instance_path=str(settings.instance.resolve()),
    )
    app.config["INSPIRE"] = settings
    app.config["SECRET_KEY"] = settings.key()
    settings.instance.mkdir(parents=True, exist_ok=True)
    app.extensions["inspire_top"] = top
    found = plugin.find(settings.without.split(",")) if plugins is None else plugins
    i18n.install(app, [top("translations"), *(each.translations for each in found if each.translations)])
    db.install(app, settings.database)
    registry = app.extensions["inspire_registry"] = plugin.Registry()
    registry.work |= {"kernel.deliver": bus.deliver, "kernel.send_mail": mail.send, "kernel.sweep": jobs.sweep}
    registry.schedule.append(Every(60, "kernel.sweep", jobs.sweep))
    site.install(app)
    for each in KERNEL_PAGES:
        app.register_blueprint(each)
    plugin.install(app, found)
    if settings.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=settings.proxies, x_proto=settings.proxies, x_host=settings.proxies)  # type: ignore[method-assign]  # Flask's own way
    app.wsgi_app = Arrivals(app.wsgi_app, proxies=settings.proxies)  # type: ignore[method-assign]  # Flask's own way
    site.exempt_from_token(app)
    guard.check(app)
    return app
