//! The spine: accounts, people, conversations, the event log and delivery.

/// Times are milliseconds since 1970; enumerations are the numbers of `domain`.
pub(super) const UP: &str = "
CREATE TABLE id_block (
    name TEXT PRIMARY KEY,
    next BIGINT NOT NULL
);
INSERT INTO id_block (name, next) VALUES ('id', 1);

CREATE TABLE account (
    id {id},
    name TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    cursor BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL
);

CREATE TABLE agent (
    id {id},
    account_id BIGINT NOT NULL REFERENCES account (id),
    email TEXT NOT NULL UNIQUE,
    name TEXT NOT NULL,
    role TEXT NOT NULL,
    status TEXT NOT NULL,
    availability TEXT NOT NULL,
    password_hash TEXT,
    created_at BIGINT NOT NULL
);
CREATE INDEX agent_by_account ON agent (account_id, id);

CREATE TABLE session (
    id {id},
    account_id BIGINT NOT NULL REFERENCES account (id),
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    secret_hash {blob} NOT NULL UNIQUE,
    user_agent TEXT NOT NULL,
    ip TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX session_by_agent ON session (account_id, agent_id, id);

CREATE TABLE login_link (
    secret_hash {blob} PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES account (id),
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    expires_at BIGINT NOT NULL
);

CREATE TABLE api_token (
    id {id},
    account_id BIGINT NOT NULL REFERENCES account (id),
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    name TEXT NOT NULL,
    secret_hash {blob} NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT,
    last_used_at BIGINT
);
CREATE INDEX api_token_by_agent ON api_token (account_id, agent_id, id);

CREATE TABLE team (
    id {id},
    account_id BIGINT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX team_by_name ON team (account_id, name);

CREATE TABLE team_agent (
    account_id BIGINT NOT NULL REFERENCES account (id),
    team_id BIGINT NOT NULL REFERENCES team (id),
    agent_id BIGINT NOT NULL REFERENCES agent (id),
    PRIMARY KEY (account_id, team_id, agent_id)
) {clustered};

CREATE TABLE inbox (
    id {id},
    account_id BIGINT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    public_key TEXT NOT NULL UNIQUE,
    identity_secret TEXT NOT NULL,
    enforce_identity BOOLEAN NOT NULL,
    allowed_origins TEXT NOT NULL,
    greeting TEXT NOT NULL,
    language TEXT NOT NULL,
    bot BOOLEAN NOT NULL,
    hours TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX inbox_by_name ON inbox (account_id, name);

CREATE TABLE contact (
    id {id},
    account_id BIGINT NOT NULL,
    name TEXT,
    email TEXT,
    phone TEXT,
    language TEXT NOT NULL,
    verified BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX contact_by_account ON contact (account_id, id);

CREATE TABLE identity (
    account_id BIGINT NOT NULL,
    inbox_id BIGINT NOT NULL,
    address TEXT NOT NULL,
    contact_id BIGINT NOT NULL,
    PRIMARY KEY (account_id, inbox_id, address)
) {clustered};
CREATE INDEX identity_by_contact ON identity (account_id, contact_id);

CREATE TABLE visitor (
    account_id BIGINT NOT NULL,
    token_hash {blob} NOT NULL,
    inbox_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, token_hash)
) {clustered};

CREATE TABLE conversation (
    id {id},
    account_id BIGINT NOT NULL,
    inbox_id BIGINT NOT NULL,
    contact_id BIGINT NOT NULL,
    status {small} NOT NULL,
    priority {small} NOT NULL,
    assignee_id BIGINT,
    team_id BIGINT,
    language TEXT NOT NULL,
    bot_state TEXT NOT NULL,
    intent TEXT,
    handoff TEXT,
    snoozed_until BIGINT,
    last_seq BIGINT NOT NULL,
    last_text TEXT,
    last_sender {small},
    last_at BIGINT,
    waiting_since BIGINT,
    rating {small},
    created_at BIGINT NOT NULL,
    listed_at BIGINT NOT NULL,
    resolved_at BIGINT,
    revision BIGINT NOT NULL
);
CREATE INDEX conversation_by_status ON conversation (account_id, status, listed_at, id);
CREATE INDEX conversation_by_contact ON conversation (account_id, contact_id, inbox_id);
CREATE INDEX conversation_by_assignee ON conversation (account_id, assignee_id, status, listed_at) WHERE assignee_id IS NOT NULL;
CREATE INDEX conversation_snoozed ON conversation (snoozed_until) WHERE snoozed_until IS NOT NULL;

CREATE TABLE phrase (
    account_id BIGINT NOT NULL,
    id BIGINT NOT NULL,
    text TEXT NOT NULL,
    quick_replies TEXT NOT NULL,
    PRIMARY KEY (account_id, id)
) {clustered};

CREATE TABLE message (
    id {id},
    account_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    sender_id BIGINT,
    phrase_id BIGINT,
    client_id {blob},
    seq BIGINT NOT NULL,
    target_seq BIGINT,
    kind {small} NOT NULL,
    sender {small} NOT NULL,
    retracted BOOLEAN NOT NULL,
    attached BOOLEAN NOT NULL,
    text TEXT
);
CREATE UNIQUE INDEX message_by_seq ON message (account_id, conversation_id, seq);
CREATE UNIQUE INDEX message_by_client_id ON message (account_id, conversation_id, client_id) WHERE client_id IS NOT NULL;

CREATE TABLE note (
    id {id},
    account_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    after_seq BIGINT NOT NULL,
    agent_id BIGINT NOT NULL,
    client_id {blob} NOT NULL,
    text TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX note_by_place ON note (account_id, conversation_id, after_seq, id);
CREATE UNIQUE INDEX note_by_client_id ON note (account_id, conversation_id, client_id);

CREATE TABLE attachment (
    id {id},
    account_id BIGINT NOT NULL,
    conversation_id BIGINT,
    message_seq BIGINT,
    owner_agent_id BIGINT,
    owner_visitor {blob},
    name TEXT NOT NULL,
    content_type TEXT NOT NULL,
    size BIGINT NOT NULL,
    width INTEGER,
    height INTEGER,
    blob_key TEXT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX attachment_by_message ON attachment (account_id, conversation_id, message_seq);

CREATE TABLE tag (
    id {id},
    account_id BIGINT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    color TEXT NOT NULL
);
CREATE UNIQUE INDEX tag_by_name ON tag (account_id, name);

CREATE TABLE conversation_tag (
    account_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    tag_id BIGINT NOT NULL REFERENCES tag (id) ON DELETE CASCADE,
    PRIMARY KEY (account_id, conversation_id, tag_id)
) {clustered};
CREATE INDEX conversation_tag_by_tag ON conversation_tag (account_id, tag_id);

CREATE TABLE canned_response (
    id {id},
    account_id BIGINT NOT NULL REFERENCES account (id),
    short_code TEXT NOT NULL,
    language TEXT NOT NULL,
    text TEXT NOT NULL
);
CREATE UNIQUE INDEX canned_response_by_code ON canned_response (account_id, short_code, language);

CREATE TABLE rating (
    account_id BIGINT NOT NULL,
    conversation_id BIGINT NOT NULL,
    client_id {blob} NOT NULL,
    score {small} NOT NULL,
    comment TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, conversation_id, client_id)
) {clustered};
CREATE INDEX rating_by_time ON rating (account_id, created_at);

CREATE TABLE event (
    account_id BIGINT NOT NULL,
    cursor BIGINT NOT NULL,
    conversation_id BIGINT,
    subject BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    kind {small} NOT NULL,
    data TEXT,
    PRIMARY KEY (account_id, cursor)
) {clustered};

CREATE TABLE follower (
    account_id BIGINT NOT NULL REFERENCES account (id),
    name TEXT NOT NULL,
    cursor BIGINT NOT NULL,
    PRIMARY KEY (account_id, name)
) {clustered};

CREATE TABLE webhook (
    id {id},
    account_id BIGINT NOT NULL REFERENCES account (id),
    url TEXT NOT NULL,
    kinds TEXT NOT NULL,
    secret TEXT NOT NULL,
    previous_secret TEXT,
    previous_until BIGINT,
    enabled BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX webhook_by_account ON webhook (account_id, id);

CREATE TABLE delivery (
    id {id},
    account_id BIGINT NOT NULL,
    webhook_id BIGINT NOT NULL REFERENCES webhook (id) ON DELETE CASCADE,
    cursor BIGINT NOT NULL,
    kind {small} NOT NULL,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    status_code INTEGER,
    error TEXT,
    duration_ms BIGINT,
    next_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE UNIQUE INDEX delivery_by_event ON delivery (account_id, webhook_id, cursor);
CREATE INDEX delivery_due ON delivery (next_at, id) WHERE state = 'waiting';

CREATE TABLE job (
    id {id},
    account_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    state TEXT NOT NULL,
    last_error TEXT,
    run_at BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);
CREATE INDEX job_due ON job (run_at, id) WHERE state = 'waiting';
CREATE INDEX job_by_account ON job (account_id, state, id);

{sqlite}CREATE VIRTUAL TABLE message_search USING fts5 (tokens, content = '', detail = none, columnsize = 0, tokenize = \"unicode61 remove_diacritics 0\");
{postgres}CREATE TABLE message_search (
{postgres}    account_id BIGINT NOT NULL,
{postgres}    message_id BIGINT NOT NULL,
{postgres}    tokens TSVECTOR NOT NULL
{postgres});
{postgres}CREATE INDEX message_search_tokens ON message_search USING gin (tokens);
";
