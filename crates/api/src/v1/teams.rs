//! Groups of agents.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use desk::wire::{Named, Time};
use desk::{Actor, ChangeTeam as Change};
use domain::Id;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Answer, answer, ok};
use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::{Page, Paging};
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_teams, create_team))
        .routes(routes!(change_team, delete_team))
        .routes(routes!(set_team_agents))
}

/// A group of agents that conversations wait for.
#[derive(Serialize, ToSchema)]
struct Team<'a> {
    id: i64,
    name: &'a str,
    #[schema(value_type = Vec<schema::Ref>)]
    agents: Vec<Named<'a>>,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

/// A team to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateTeam {
    name: String,
}

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeTeam {
    #[schema(nullable = false)]
    name: Option<String>,
}

/// Who belongs to a team.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct TeamAgents {
    /// Their ids; nobody else stays.
    agents: Vec<i64>,
}

/// Lists the teams, oldest first.
#[utoipa::path(get, path = "/api/v1/teams", tag = "teams", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<Team>)))]
async fn list_teams(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(paging): Query<Paging>,
) -> Answer {
    let teams = app.desk.list_teams(&actor).await?;
    let agents = app.desk.list_agents(&actor).await?;
    let page = Page::cut(teams, &paging, |team| team.id.number(), |team| team)?;
    let items = page.items.iter().map(|team| form(team, &agents)).collect();
    Ok(ok(&Page { items, next: page.next }))
}

/// Adds a team without members.
#[utoipa::path(post, path = "/api/v1/teams", tag = "teams",
    responses((status = 201, description = "Added.", body = Team)))]
async fn create_team(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(new): Json<CreateTeam>,
) -> Answer {
    let team = app.desk.create_team(&actor, &new.name).await?;
    Ok(answer(StatusCode::CREATED, &form(&team, &[])))
}

/// Changes a team's name.
#[utoipa::path(patch, path = "/api/v1/teams/{id}", tag = "teams",
    responses((status = 200, description = "The team as it is now.", body = Team)))]
async fn change_team(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(change): Json<ChangeTeam>,
) -> Answer {
    change_to(&app, &actor, id, Change { name: change.name, agents: None }).await
}

/// Replaces the members of a team.
#[utoipa::path(put, path = "/api/v1/teams/{id}/agents", tag = "teams",
    responses((status = 200, description = "The team as it is now.", body = Team)))]
async fn set_team_agents(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(members): Json<TeamAgents>,
) -> Answer {
    let agents = members.agents.into_iter().map(Id::new).collect();
    change_to(&app, &actor, id, Change { name: None, agents: Some(agents) }).await
}

/// Removes a team; what was its work is nobody's.
#[utoipa::path(delete, path = "/api/v1/teams/{id}", tag = "teams",
    responses((status = 204, description = "Removed.")))]
async fn delete_team(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    app.desk.delete_team(&actor, Id::new(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn change_to(app: &App, actor: &Actor, id: i64, change: Change) -> Result<Response, Problem> {
    let team = app.desk.change_team(actor, Id::new(id), change).await?;
    let agents = app.desk.list_agents(actor).await?;
    Ok(ok(&form(&team, &agents)))
}

fn form<'a>(team: &'a domain::Team, agents: &'a [domain::Agent]) -> Team<'a> {
    let members = agents.iter().filter(|agent| team.agents.contains(&agent.id));
    Team {
        id: team.id.number(),
        name: &team.name,
        agents: members.map(|agent| Named { id: agent.id.number(), name: &agent.name }).collect(),
        created_at: team.created_at.into(),
    }
}
