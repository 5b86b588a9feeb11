//! Labels.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use desk::wire;
use domain::Id;
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Answer, answer, ok};
use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::{Page, Paging};
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_tags, create_tag))
        .routes(routes!(change_tag, delete_tag))
}

/// A tag to add.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CreateTag {
    name: String,
    /// As `#rrggbb`.
    #[schema(example = "#2f6fed")]
    color: String,
}

/// What to change; what is absent stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ChangeTag {
    #[schema(nullable = false)]
    name: Option<String>,
    /// As `#rrggbb`.
    #[schema(nullable = false)]
    color: Option<String>,
}

/// Lists the tags by name.
#[utoipa::path(get, path = "/api/v1/tags", tag = "tags", params(Paging),
    responses((status = 200, description = "A page of them.", body = Page<schema::Tag>)))]
async fn list_tags(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(paging): Query<Paging>,
) -> Answer {
    let tags = app.desk.list_tags(&actor).await?;
    let page = Page::cut(tags, &paging, |tag| tag.id.number(), |tag| tag)?;
    let items = page.items.iter().map(wire::Tag::from).collect();
    Ok(ok(&Page { items, next: page.next }))
}

/// Adds a tag.
#[utoipa::path(post, path = "/api/v1/tags", tag = "tags",
    responses((status = 201, description = "Added.", body = schema::Tag)))]
async fn create_tag(
    State(app): State<App>,
    Caller(actor): Caller,
    Json(new): Json<CreateTag>,
) -> Answer {
    let tag = app.desk.create_tag(&actor, &new.name, &new.color).await?;
    Ok(answer(StatusCode::CREATED, &wire::Tag::from(&tag)))
}

/// Changes a tag.
#[utoipa::path(patch, path = "/api/v1/tags/{id}", tag = "tags",
    responses((status = 200, description = "The tag as it is now.", body = schema::Tag)))]
async fn change_tag(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
    Json(change): Json<ChangeTag>,
) -> Answer {
    let tag = app.desk.change_tag(&actor, Id::new(id), change.name, change.color).await?;
    Ok(ok(&wire::Tag::from(&tag)))
}

/// Removes a tag everywhere.
#[utoipa::path(delete, path = "/api/v1/tags/{id}", tag = "tags",
    responses((status = 204, description = "Removed.")))]
async fn delete_tag(State(app): State<App>, Caller(actor): Caller, Path(id): Path<i64>) -> Answer {
    app.desk.delete_tag(&actor, Id::new(id)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
