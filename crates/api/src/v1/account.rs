//! The company's own settings.

use axum::extract::State;
use desk::wire::Time;
use domain::Language;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Caller;
use crate::extract::Json;
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_account, change_account))
}

/// A company.
#[derive(Serialize, ToSchema)]
pub(super) struct Account {
    id: i64,
    name: String,
    /// The language of whatever is not addressed to one contact.
    #[schema(value_type = schema::Language)]
    language: Language,
    /// An IANA name.
    #[schema(example = "Asia/Shanghai")]
    time_zone: String,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeAccount {
    #[schema(nullable = false)]
    name: Option<String>,
    #[schema(value_type = Option<schema::Language>, nullable = false)]
    language: Option<Language>,
    /// An IANA name.
    #[schema(nullable = false)]
    time_zone: Option<String>,
}

impl From<domain::Account> for Account {
    fn from(account: domain::Account) -> Self {
        Account {
            id: account.id.number(),
            name: account.name,
            language: account.language,
            time_zone: account.time_zone,
            created_at: account.created_at.into(),
        }
    }
}

/// Reads the company's settings.
#[utoipa::path(get, path = "/api/v1/account", tag = "account",
    responses((status = 200, description = "The settings.", body = Account)))]
async fn get_account(
    State(app): State<App>,
    Caller(actor): Caller,
) -> Result<Json<Account>, Problem> {
    Ok(Json(app.desk.get_account(&actor).await?.into()))
}

/// Changes the company's settings.
#[utoipa::path(patch, path = "/api/v1/account", tag = "account",
    responses((status = 200, description = "The settings as they are now.", body = Account)))]
async fn change_account(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(change): Json<ChangeAccount>,
) -> Result<Json<Account>, Problem> {
    let ChangeAccount { name, language, time_zone } = change;
    let change = desk::ChangeAccount { name, language, time_zone };
    Ok(Json(app.desk.change_account(&actor, change).await?.into()))
}
