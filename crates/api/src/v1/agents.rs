//! Who works at the desk.

use axum::extract::State;
use axum::http::StatusCode;
use desk::wire::Time;
use domain::{AgentStatus, Availability, Id, Role};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::{Page, Paging};
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_agents, create_agent))
        .routes(routes!(get_agent, change_agent))
}

/// A member of staff who answers.
#[derive(Serialize, ToSchema)]
pub(crate) struct Agent {
    id: i64,
    /// What contacts and colleagues read.
    name: String,
    /// The address to sign in with.
    email: String,
    #[schema(value_type = schema::Role)]
    role: Role,
    #[schema(value_type = schema::AgentStatus)]
    status: AgentStatus,
    #[schema(value_type = schema::Availability)]
    availability: Availability,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

/// An agent to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateAgent {
    name: String,
    /// The address to sign in with; nobody else may have it.
    email: String,
    #[schema(value_type = schema::Role)]
    role: Role,
    /// At least 12 characters, and none of those that everybody tries.
    #[schema(format = Password, min_length = 12)]
    password: String,
}

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeAgent {
    #[schema(nullable = false)]
    name: Option<String>,
    #[schema(value_type = Option<schema::Role>, nullable = false)]
    role: Option<Role>,
    #[schema(value_type = Option<schema::AgentStatus>, nullable = false)]
    status: Option<AgentStatus>,
    #[schema(value_type = Option<schema::Availability>, nullable = false)]
    availability: Option<Availability>,
}

impl From<domain::Agent> for Agent {
    fn from(agent: domain::Agent) -> Self {
        Agent {
            id: agent.id.number(),
            name: agent.name,
            email: agent.email,
            role: agent.role,
            status: agent.status,
            availability: agent.availability,
            created_at: agent.created_at.into(),
        }
    }
}

/// Lists the agents, oldest first.
#[utoipa::path(get, path = "/api/v1/agents", tag = "agents", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Agent>)))]
async fn list_agents(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(paging): Query<Paging>,
) -> Result<Json<Page<Agent>>, Problem> {
    let agents = app.desk.list_agents(&actor).await?;
    Ok(Json(Page::cut(agents, &paging, |agent| agent.id.number(), Agent::from)?))
}

/// Adds an agent.
#[utoipa::path(post, path = "/api/v1/agents", tag = "agents",
    responses((status = 201, description = "Added.", body = Agent)))]
async fn create_agent(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(new): Json<CreateAgent>,
) -> Result<(StatusCode, Json<Agent>), Problem> {
    let CreateAgent { name, email, role, password } = new;
    let agent =
        app.desk.create_agent(&actor, desk::NewAgent { email, name, role, password }).await?;
    Ok((StatusCode::CREATED, Json(agent.into())))
}

/// Reads one agent.
#[utoipa::path(get, path = "/api/v1/agents/{id}", tag = "agents",
    responses((status = 200, description = "The agent.", body = Agent)))]
async fn get_agent(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<Json<Agent>, Problem> {
    Ok(Json(app.desk.get_agent(&actor, Id::new(id)).await?.into()))
}

/// Changes an agent. Everybody may change their own name and availability; the
/// rest, and other agents, only an owner. Whoever is deactivated is signed out
/// everywhere at once.
#[utoipa::path(patch, path = "/api/v1/agents/{id}", tag = "agents",
    responses((status = 200, description = "The agent as it is now.", body = Agent)))]
async fn change_agent(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(change): Json<ChangeAgent>,
) -> Result<Json<Agent>, Problem> {
    let ChangeAgent { name, role, status, availability } = change;
    let change = desk::ChangeAgent { name, role, status, availability };
    Ok(Json(app.desk.change_agent(&actor, Id::new(id), change).await?.into()))
}
