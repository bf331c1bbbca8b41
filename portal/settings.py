"""Every setting of the portal, in one place.

What differs between installations comes from the environment; `portal.environment` checks it, and a start with a
missing or wrong variable stops with the name of that variable and its cure.

    SECRET_KEY       signs sessions and keyed hashes           needed, but for tests, debug and the demo
    ALLOWED_HOSTS    the host names people visit, by commas    needed, but for tests, debug and the demo
    DATABASE_URL     SQLite or PostgreSQL                      default: var/db.sqlite3
    DATABASE_STATEMENT_SECONDS  the longest a page may ask PostgreSQL  default: 15; manage.py: no limit (0)
    EMAIL_URL        the mail server                           needed, but for tests, debug and the demo
    EMAIL_FROM       who the mail is from                      default: portal@ the first host
    PORTAL_ADDRESS   the start of links in mail                default: https:// and the first host
    PORTAL_HTTPS     people come by https                      default: true, but for tests, debug and the demo
    STATIC_ROOT      where collected files lie                 default: build/collected
    PORTAL_PROXIES   how many proxies of ours stand in front   default: 0
    PORTAL_DEMO      made-up people and rows; this machine only
    PORTAL_DEBUG     Django's debug pages; this machine only
    PORTAL_TEST      the settings of the tests (pytest turns it on); this machine only
    MFA_SECRETS_KEY  encrypts the secrets of code apps       default: SECRET_KEY
    DEMO_PASSWORD    the password of every made-up person      default: portal-demo-only
"""

import sys
from pathlib import Path

import environ
from csp.constants import NONE, SELF

from portal.environment import Environment

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"  # the default database and other things made here; never in git
env = Environment(environ.Env())

# --- Which of the four ways of running this is ----------------------------------------------------------------------

TEST = env.switch("PORTAL_TEST") or "pytest" in sys.modules
DEBUG = env.switch("PORTAL_DEBUG") and not TEST
PORTAL_DEMO = env.switch("PORTAL_DEMO")
PORTAL_HTTPS = env.switch("PORTAL_HTTPS", default=not (TEST or DEBUG or PORTAL_DEMO))
SWITCHED_ON = [
    name for name, on in (("PORTAL_TEST", TEST), ("PORTAL_DEMO", PORTAL_DEMO), ("PORTAL_DEBUG", DEBUG)) if on
]
OWN_MACHINE = bool(SWITCHED_ON)
DEMO_PASSWORD = env.text("DEMO_PASSWORD", "portal-demo-only")

# A known key is no secret: it is for runs that answer to this machine alone.
SECRET_KEY = env.secret_key(
    fallback="not-a-secret: this machine only, tests, debug and the demo" if OWN_MACHINE else ""
)
ALLOWED_HOSTS = env.hosts(loopback_only_because=SWITCHED_ON[0] if SWITCHED_ON else "")
if TEST:
    ALLOWED_HOSTS = ["testserver", *ALLOWED_HOSTS]
FIRST_HOST = ALLOWED_HOSTS[0].lstrip(".") if ALLOWED_HOSTS else "localhost"
PORTAL_ADDRESS = env.address(
    default=f"https://{FIRST_HOST}" if PORTAL_HTTPS else f"http://{FIRST_HOST}:{env.text('PORT', '8000')}"
)
PORTAL_PROXIES = env.whole_number("PORTAL_PROXIES", default=0, at_most=5)

# --- What the portal is made of ---------------------------------------------------------------------------------------

INSTALLED_APPS = [
    # Ours, lowest first: each may import only those above it in this list (tests/test_import_directions.py).
    "foundation",  # before django.forms, so that its form templates win
    "partnership",
    "priorities",
    "actions",
    "voice",
    "board",
    "portal",
    "django.forms",
    "partnership.admin_apps.PortalAdminConfig",  # Django's admin, opened by role
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",  # before staticfiles: runserver then serves files as production does
    "django.contrib.staticfiles",
    "simple_history",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "django_htmx",
    "csp",
]

MIDDLEWARE = [
    "foundation.middleware.AccessLogMiddleware",  # outermost, so that it times and counts everything
    "foundation.middleware.SecurityHeadersMiddleware",  # so that a redirect to https carries them too
    "csp.middleware.CSPMiddleware",  # the same, and so that files carry it too
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # signed-in pages; kept public pages come compressed already
    "foundation.middleware.PrivateResponsesMiddleware",  # outside sessions: it has the last word on caching
    "foundation.middleware.RefuseBrokenRequestsMiddleware",  # before anything reads the address or the form
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "partnership.middleware.SignInMiddleware",  # a page is private unless it says that it is public
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "partnership.middleware.TwoStepMiddleware",  # staff without two-step sign-in are sent to set it up
    "simple_history.middleware.HistoryRequestMiddleware",  # history rows know who made the change
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "partnership.context_processors.portal",
            ],
        },
    },
]
FORM_RENDERER = "foundation.forms.PortalRenderer"

# --- Where things are kept --------------------------------------------------------------------------------------------

if env.text("DATABASE_URL") == "":
    VAR_DIR.mkdir(exist_ok=True)
DATABASES = {"default": env.database(default=f"sqlite:///{VAR_DIR / 'db.sqlite3'}")}

# In the database and not in each worker's memory: a limit on wrong sign-ins must count over all workers.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
    if TEST
    else {
        "BACKEND": "django.core.cache.backends.db.DatabaseCache",
        "LOCATION": "cache",
        "OPTIONS": {"MAX_ENTRIES": 20_000},
    }
}

# Whole public pages and the board's figures, kept in each worker's memory until something changes. Off in tests: their
# transactions are rolled back, so a change there never raises the content version.
PORTAL_PAGE_CACHE = not TEST

STATIC_URL = "/static/"
STATIC_ROOT = env.folder("STATIC_ROOT", default=BASE_DIR / "build" / "collected")
# build/static holds what `make assets` makes: our style sheet. It may not be there yet when tests of models run.
STATICFILES_DIRS = [
    folder for folder in (BASE_DIR / "static", BASE_DIR / "build" / "static") if folder.is_dir()
]
STORAGES = {
    # Evidence. No address leads there: a page of ours hands each file out to those who may see it.
    "default": {
        "BACKEND": "django.core.files.storage.InMemoryStorage"
        if TEST
        else "django.core.files.storage.FileSystemStorage"
    },
    "staticfiles": {
        # Names that change with the content, so a browser may keep a file for ever. Tests have nothing collected.
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if TEST or DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = TEST or DEBUG
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = VAR_DIR / "files"

# --- Time and language ------------------------------------------------------------------------------------------------

LANGUAGE_CODE = "en-gb"
TIME_ZONE = "Europe/London"
USE_TZ = True
USE_I18N = True

# --- Who you are ------------------------------------------------------------------------------------------------------

AUTH_USER_MODEL = "partnership.User"
# It asks for a plain unique column; ours is stricter, one account per address in small letters (one_account_per_email).
SILENCED_SYSTEM_CHECKS = ["auth.W004"]
AUTHENTICATION_BACKENDS = ["partnership.accounts.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
if TEST:
    # Slow on purpose everywhere else.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/my-work/"
LOGOUT_REDIRECT_URL = "/"

# The partnership's own rules of sign-up, mail and secrets: written in partnership/accounts.py.
ACCOUNT_ADAPTER = "partnership.accounts.AccountAdapter"
MFA_ADAPTER = "partnership.accounts.MFAAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_SIGNUP_FORM_CLASS = "partnership.forms.accounts.FamilySignupForm"  # asks the name too
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_VERIFICATION_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_PREVENT_ENUMERATION = True  # the same answer whether or not an account is there (F14)
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = True  # a mail goes out either way, so that mail gives nothing away
ACCOUNT_EMAIL_NOTIFICATIONS = True  # tell people when their password or two-step sign-in changes
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_DEFAULT_HTTP_PROTOCOL = "https" if PORTAL_HTTPS else "http"
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = True
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_USERNAME_BLACKLIST: list[str] = []
# Amount, per time, per address of the sender or per account. Counted in the cache (F13).
ACCOUNT_RATE_LIMITS = {"login": "30/m/ip", "login_failed": "10/m/ip,5/5m/key", "signup": "20/h/ip"}
ALLAUTH_TRUSTED_PROXY_COUNT = PORTAL_PROXIES
MFA_SECRETS_KEY = env.key_of_code_apps()
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN = OWN_MACHINE  # passkeys on http://localhost, for the demo
MFA_TOTP_ISSUER = FIRST_HOST

# --- What a browser may do with our pages -----------------------------------------------------------------------------

# Nothing from anywhere but here, and nothing inline. What is not named falls back to nothing at all.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "object-src": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
SECURE_SSL_REDIRECT = PORTAL_HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]  # asked from inside, without https
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if PORTAL_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = PORTAL_HTTPS
SECURE_HSTS_PRELOAD = PORTAL_HTTPS
if PORTAL_HTTPS and PORTAL_PROXIES:
    # Only where a proxy of ours sets this header itself; from anyone else it would be a claim.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

# __Host- ties a cookie to this host and to https; plain http on one's own machine cannot carry it.
SESSION_COOKIE_NAME = "__Host-session" if PORTAL_HTTPS else "session"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PORTAL_HTTPS
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "foundation.refusals.form_not_sent"
SESSION_ENGINE = "foundation.sessions"  # as Django's, but for who writes something without signing in
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
CSRF_COOKIE_NAME = "__Host-csrf" if PORTAL_HTTPS else "csrf"
CSRF_COOKIE_AGE = None  # gone with the browser window
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"  # no third cookie

# A text of a million letters must reach its form and be told that it is too long; more is refused unread.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 10
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

# --- Mail -------------------------------------------------------------------------------------------------------------

MAIL = env.email(default="dummymail://" if TEST else "consolemail://" if OWN_MACHINE else "")
EMAIL_BACKEND = MAIL.get("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend")
EMAIL_HOST, EMAIL_PORT = MAIL.get("EMAIL_HOST") or "", MAIL.get("EMAIL_PORT") or 25
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = (
    MAIL.get("EMAIL_HOST_USER") or "",
    MAIL.get("EMAIL_HOST_PASSWORD") or "",
)
EMAIL_USE_TLS, EMAIL_USE_SSL = bool(MAIL.get("EMAIL_USE_TLS")), bool(MAIL.get("EMAIL_USE_SSL"))
EMAIL_FILE_PATH = MAIL.get("EMAIL_FILE_PATH") or None
EMAIL_TIMEOUT = 10  # seconds; a mute mail server must not hold the outbox for ever
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env.sender(default=f"portal@{FIRST_HOST}")
# Left empty for good: Django's mail about an error holds what was posted, and that may be a child's words.
ADMINS: list[tuple[str, str]] = []
MANAGERS: list[tuple[str, str]] = []

# --- Logs -------------------------------------------------------------------------------------------------------------

# One JSON object for each line. portal.logs keeps out query strings, what was posted, and the text of database errors.
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "portal.logs.PlainJsonFormatter"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": "WARNING"},
    "loggers": {
        "django": {"handlers": ["out"], "level": "WARNING", "propagate": False},
        # Scanners ask for names that are not ours all day long: answered with 400, no fault to be told of.
        "django.security.DisallowedHost": {"level": "CRITICAL"},
        "foundation": {"level": "INFO"},  # holds the access log
        "portal": {"level": "INFO"},
    },
}

env.stop_if_wrong()
