"""Every setting with its default; PORTAL_<NAME> in the environment overrides it."""

DATA_DIR = "var"
"""Folder of the embedded database, the files, the mail and the secret key."""
DATABASE_URL = ""
"""Empty: SQLite in DATA_DIR. Else `postgresql+psycopg://…`."""
DATABASE_POOLER = False
"""Whether PgBouncer stands before PostgreSQL and lends a connection for one transaction at a time: then no
statement is kept prepared on one."""
READS_URL = ""
"""Address of a copy of that database that follows it (a replica), if pages that everybody gets are to be read
from there (ADR 28). Empty: all is read from the one."""
HOST = "127.0.0.1"
PORT = 8000
PUBLIC_URL = ""
"""Address of the portal as people see it, for links in mails. Empty: http://HOST:PORT."""
PROXIES = 0
"""How many proxies of ours stand before the portal: so many hops of X-Forwarded-For are believed, no more.
At 0 nobody's word is taken for where they come from. Behind a proxy nobody's network is known then."""
WORKERS = 2
THREADS = 4

S3_BUCKET = ""
"""Empty: uploaded files lie in DATA_DIR/files. Else in this bucket of a storage that speaks S3, which several
machines share; nothing else may be in it (`portal[s3]`)."""
S3_ENDPOINT = ""
"""`https://…` of that storage. Empty: Amazon's own."""
S3_REGION = "us-east-1"
S3_KEY = ""
S3_SECRET = ""

NEIGHBOURHOOD = "K"
"""Code of the neighbourhood whose home page this portal opens with (`K`: K-buurt)."""
MAP_TILES = "https://service.pdok.nl/brt/achtergrondkaart/wmts/v2_0/standaard/EPSG:3857/{z}/{x}/{y}.png"
"""Pictures under a map that is opened, asked for by the browser. Empty: our own outlines and names alone."""
MAP_CREDIT = "Kadaster (BRT), CC BY 4.0"
"""Whose pictures they are, as it must stand on the map."""
HELD_BYTES = 8_000_000
"""So much of the pages that everybody gets a process holds ready until something changes (ADR 25)."""
SHARED_SECONDS = 1
"""So long a cache before the portal may show such a page without asking whether it is still so. 0: never."""
LOCALES = ["nl", "en"]
BABEL_DEFAULT_LOCALE = "nl"
BABEL_DEFAULT_TIMEZONE = "Europe/Amsterdam"

MAIL_SENDER = "Rotonde <rotonde@localhost>"
SMTP_HOST = ""
"""Empty: mails are written as files to DATA_DIR/mail."""
SMTP_PORT = 25
SMTP_USER = ""
SMTP_PASSWORD = ""
SMTP_STARTTLS = False
SMTP_SECONDS = 30
"""So long may handing over one mail take, with all its steps; shorter than a job is left alone (below)."""

ANSWER_ADDRESS = ""
"""An address of ours, such as `antwoord@rotonde.example`, at which authorities answer by mail: behind a `+`
it gets a key for each dossier (docs/mail.md). Empty: no answers by mail."""
MAIL_AUTHSERV_ID = ""
"""The name under which our own mail server writes down whether a sender is who it says (authserv-id in
`Authentication-Results`). Empty: nobody is believed, and every answer by mail waits for a look."""
MAIL_MOST_BYTES = 30 * 1024 * 1024
"""A larger mail is refused."""

PUSH_KEY = ""
"""Private key (P-256, base64 for addresses) that signs messages to devices. Empty: DATA_DIR/push-key, made at
the first start. Another key ends every following: browsers tie theirs to it."""
PUSH_CONTACT = ""
"""`mailto:` or `https:` address at which the services for messages reach us. Empty: that of MAIL_SENDER."""
PUSH_HOSTS = ["fcm.googleapis.com", "push.services.mozilla.com", "push.apple.com", "notify.windows.com"]
"""The browsers' services for messages, and what stands below these names. Empty: any host on the internet."""
PUSH_LOCAL = False
"""For tests: messages may also go to this machine."""

FORGET_AFTER_DAYS = 183
"""So long after a dossier was answered, solved or withdrawn the names of its supporters are removed."""
VERDICT_DAYS = 14
"""For so many days supporters are asked whether what an authority calls done is solved."""
VERDICT_SHARE = 60
"""So many of a hundred who say solved or not solved must say solved; under it the dossier is opened again."""
VERDICT_LEAST = 3
"""As long as fewer than these say one of the two, nothing is claimed."""
QUESTION_DAYS = 14
"""For so many days a question of an official to the neighbours is open."""
QUESTION_REMINDER_DAYS = 7
"""After so many of them who did not answer gets a second mail."""
JOB_LEASE_SECONDS = 60
"""How long a job is left alone after a worker took it; longer than any job takes."""
JOB_RETRY_SECONDS = 60
"""When a job that failed is tried again; after that each time twice as long later."""

LOG = "words"
"""`words`: what goes wrong. `json`: that, and each request and job, as one line of JSON each."""
ERROR_REPORTS = ""
"""Address (DSN) at Sentry, or at what speaks its language, to which errors are reported. Empty: nowhere."""
METRICS_TOKEN = ""
"""Who sends `Authorization: Bearer …` with this word may read /metrics from elsewhere. Empty: only programs
of this machine may, and not through a proxy."""
METRICS_DIR = ""
"""Folder in which all processes of one portal count, best in memory. Empty: one of our own in /dev/shm."""

STAFF_FACTOR: bool | str = ""
"""Whether officials, committee members and moderators need a second factor before they work. Empty: they do,
unless PUBLIC_URL is this machine alone, as `make run` has it (ADR 21)."""
OIDC_ISSUER = ""
"""`https://…` of the provider with which an authority's people sign in: what it calls itself as the issuer of
OpenID Connect (`portal[oidc]`). Empty: there is none. docs/operations.md."""
OIDC_NAME = ""
"""What people call it. Empty: its host."""
OIDC_CLIENT_ID = ""
OIDC_SECRET = ""
OIDC_SECRET_FILE = ""
"""A file that holds the secret, in the place of OIDC_SECRET. Neither: the portal is a public client."""
OIDC_ORGANISATIONS: list[str] = []
"""Keys of the organisations for whose people it speaks. Who has a role elsewhere, too, does not come in by
it; nobody is given a role by it."""
OIDC_SCOPE = "openid email"
OIDC_ADDRESS = "email"
"""The claim in which the mail address stands, by which it knows people the first time."""
OIDC_VERIFIED = False
"""Whether addresses are theirs although it does not say so (`email_verified`), as Entra ID does not."""
OIDC_FACTOR = "said"
"""Whether its second factor is enough: `said`, when its token says so, by an `acr` of OIDC_ACR or by `mfa` in
`amr`; `always`; or `never`: then ours is asked for afterwards."""
OIDC_ACR: list[str] = []
"""Values of `acr` that are asked of it, and mean that a second factor was shown."""
OIDC_HOSTS: list[str] = []
"""Hosts, beside its own, at which its addresses may be."""
SESSION_DAYS = 180
"""So long after signing in one signs in again; who is not seen for SESSION_IDLE_DAYS, sooner."""
SESSION_IDLE_DAYS = 30
STAFF_SESSION_HOURS = 12
"""The same for officials, committee members and moderators: a long day of work."""
FRESH_MINUTES = 30
"""Before what cannot be undone one shows again who one is, when the last time is longer ago."""

LOOKS_DAYS = 365
"""So long it is kept who of those who work here looked into what neighbours entrusted to the portal."""

SESSION_COOKIE_NAME = "rotonde"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
REMEMBER_COOKIE_NAME = "rotonde-stay"
REMEMBER_COOKIE_HTTPONLY = True
REMEMBER_COOKIE_SAMESITE = "Lax"
PERMANENT_SESSION_LIFETIME = 60 * 60 * 24 * 30
WTF_CSRF_TIME_LIMIT = None
WTF_CSRF_SSL_STRICT = False
"""Some browsers never say from which page they come: the proof in the form is enough."""
MAX_CONTENT_LENGTH = 77 * 1024 * 1024
"""Five photos of 15 MB at once, from who has no JavaScript, and the words around them."""
MAX_FORM_MEMORY_SIZE = 500_000
COMPRESS_ALGORITHM = ["br", "gzip"]
COMPRESS_BR_LEVEL = 4
COMPRESS_MIMETYPES = ["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml"]
