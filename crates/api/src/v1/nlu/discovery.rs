//! Discoveries: what contacts ask about, found in what they said, here or elsewhere.

use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, FromRequest, Request, State};
use axum::http::StatusCode;
use desk::wire::Time;
use desk::{Discovered, PAST_BYTES_MAX};
use domain::DiscoveryState;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, is_of_type, unreadable};
use crate::problem::Problem;
use crate::schema;

/// How many days are looked back if nobody says how many.
const DAYS: i16 = 90;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_discovery, discover))
        .layer(DefaultBodyLimit::max(PAST_BYTES_MAX))
}

/// What to look at.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Discover {
    /// How many days to look back; 90 if absent.
    #[schema(minimum = 1, maximum = 730, example = 90)]
    days: Option<i16>,
}

/// The last discovery, if there was one.
#[derive(Serialize, ToSchema)]
struct LastDiscovery {
    discovery: Option<Discovery>,
}

/// A discovery that was made, or is under way.
#[derive(Serialize, ToSchema)]
struct Discovery {
    id: i64,
    #[schema(value_type = schema::DiscoveryState)]
    state: DiscoveryState,
    /// How many days it looks back; null if it looks at a table.
    #[schema(example = 90)]
    days: Option<i16>,
    /// Why it failed, and what to do.
    error: Option<String>,
    /// The agent who began it.
    started_by: i64,
    #[schema(value_type = String, format = DateTime)]
    started_at: Time,
    /// When it ended, well or badly.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<Time>,
    /// What the last one that ended well found; it stays until another one does.
    findings: Option<Findings>,
}

/// What contacts asked about. Shares are from 0 to 1, of all conversations.
#[derive(Serialize, ToSchema)]
struct Findings {
    /// How many days were looked at; null if it was a table.
    days: Option<i16>,
    #[schema(value_type = String, format = DateTime)]
    found_at: Time,
    conversations: usize,
    /// In how many of them the contact never said more than hello.
    without_question: usize,
    /// In how many the question was like no others.
    unlike_others: usize,
    /// Whether there were more than 50,000 messages; the newest were looked at.
    is_cut: bool,
    /// What the first two intents are about: the scenarios to automate first.
    #[schema(example = 0.31)]
    first_share: f64,
    /// What a bot with these two would be expected to take.
    #[schema(example = 0.18)]
    first_expected: f64,
    /// Those first that a bot would take most with.
    intents: Vec<ProposedIntent>,
}

/// An intent that might be worth having. Nothing of it becomes an example by itself.
#[derive(Serialize, ToSchema)]
struct ProposedIntent {
    /// A name that an intent can have.
    #[schema(example = "cancel_order")]
    name: String,
    #[schema(example = "cancel order")]
    title: String,
    /// The most characteristic phrases, the best first.
    keywords: Vec<String>,
    conversations: usize,
    share: f64,
    /// How alike the questions are, from 0 to 1.
    cohesion: f64,
    /// How many messages the contact wrote in them, on average.
    contact_messages: f64,
    /// The share that a bot would be expected to take.
    expected: f64,
    /// The intent that the bot in use took most of the samples for and was sure of; null if there was none.
    #[schema(example = "refund")]
    known_as: Option<String>,
    /// What asks it, the most typical first; without what was taken back.
    samples: Vec<Sample>,
}

/// Something that asks for a proposed intent: a message, or a line of a table, which has no place here.
#[derive(Serialize, ToSchema)]
struct Sample {
    conversation_id: Option<i64>,
    /// Its place in that thread.
    seq: Option<i64>,
    text: String,
}

impl From<Discovered> for Discovery {
    fn from(found: Discovered) -> Self {
        let one = &found.discovery;
        Discovery {
            id: one.id.number(),
            state: one.state,
            days: one.days,
            error: one.error.clone(),
            started_by: one.started_by.number(),
            started_at: one.started_at.into(),
            ended_at: one.ended_at.map(Time),
            findings: one.findings.as_ref().map(|findings| Findings::of(findings, &found)),
        }
    }
}

impl Findings {
    fn of(findings: &domain::Findings, found: &Discovered) -> Self {
        let intents = findings.intents.iter().map(|intent| ProposedIntent::of(intent, found));
        Findings {
            days: findings.days,
            found_at: findings.found_at.into(),
            conversations: findings.conversations,
            without_question: findings.without_question,
            unlike_others: findings.unlike_others,
            is_cut: findings.is_cut,
            first_share: findings.first_share,
            first_expected: findings.first_expected,
            intents: intents.collect(),
        }
    }
}

impl ProposedIntent {
    fn of(intent: &domain::ProposedIntent, found: &Discovered) -> Self {
        let samples = intent.samples.iter().filter_map(|sample| {
            let place = match sample {
                domain::Sample::Said { conversation, seq } => Some((conversation.number(), *seq)),
                domain::Sample::Past { .. } => None,
            };
            let (conversation_id, seq) = place.unzip();
            Some(Sample { conversation_id, seq, text: found.text(sample)?.to_owned() })
        });
        ProposedIntent {
            name: intent.name.clone(),
            title: intent.title.clone(),
            keywords: intent.keywords.clone(),
            conversations: intent.conversations,
            share: intent.share,
            cohesion: intent.cohesion,
            contact_messages: intent.contact_messages,
            expected: intent.expected,
            known_as: intent.known_as.clone(),
            samples: samples.collect(),
        }
    }
}

/// Has found what was asked about: proposed intents with samples, and the two to automate first.
///
/// In JSON it is said how many of the last days of this account's conversations to look at. A table (CSV, at most 16 MiB and
/// 200,000 rows) holds past conversations from elsewhere: the first line names its columns, each line below is a message, and
/// only the samples that are shown are kept of it. Columns are known by their usual names, such as `conversation`, `sender`,
/// `text` and `time`, or `会话`, `角色`, `内容` and `时间`.
///
/// Events `discovery.updated` tell when it is done. What was found before stays until then.
#[utoipa::path(post, path = "/api/v1/nlu/discover", tag = "nlu",
    request_body(content((Discover = "application/json"), (String = "text/csv"))),
    responses((status = 202, description = "The discovery, which waits for its turn.", body = Discovery)))]
async fn discover(
    State(app): State<App>,
    Caller(actor): Caller,
    request: Request,
) -> Result<(StatusCode, Json<Discovery>), Problem> {
    let begun = if is_of_type(request.headers(), "text/csv") {
        let table = Bytes::from_request(request, &app).await.map_err(unreadable)?;
        app.desk.discover_past(&actor, table).await?
    } else if is_of_type(request.headers(), "application/json") {
        let Json(form) = Json::<Discover>::from_request(request, &app).await?;
        app.desk.discover(&actor, form.days.unwrap_or(DAYS)).await?
    } else {
        return Err(Problem::wrong_media_type(&["application/json", "text/csv"]));
    };
    Ok((StatusCode::ACCEPTED, Json(begun.into())))
}

/// Reads the last discovery, or the one under way, with what was found last.
#[utoipa::path(get, path = "/api/v1/nlu/discover", tag = "nlu",
    responses((status = 200, description = "The discovery, or null.", body = LastDiscovery)))]
async fn get_discovery(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Result<Json<LastDiscovery>, Problem> {
    let discovery = app.desk.get_discovery(&actor).await?.map(Discovery::from);
    Ok(Json(LastDiscovery { discovery }))
}
