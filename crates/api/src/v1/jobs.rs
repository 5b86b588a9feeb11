//! Work that follows from what happened, and work that was given up.

use axum::extract::State;
use axum::http::StatusCode;
use desk::wire::Time;
use domain::{Id, JobState};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::page::{self, Page};
use crate::problem::Problem;
use crate::schema;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_jobs)).routes(routes!(retry_job))
}

/// A piece of work in the queue. What it works on is not shown.
#[derive(Serialize, ToSchema)]
struct Job {
    id: i64,
    /// What kind of work it is.
    kind: String,
    #[schema(value_type = schema::JobState)]
    state: JobState,
    /// How often it was tried.
    attempts: i32,
    /// Why the last attempt failed.
    last_error: Option<String>,
    /// Not before this time.
    #[schema(value_type = String, format = DateTime)]
    run_at: Time,
    #[schema(value_type = String, format = DateTime)]
    created_at: Time,
}

/// Which jobs.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct JobQuery {
    /// In which state; `dead` if absent.
    #[param(value_type = Option<schema::JobState>)]
    state: Option<JobState>,
    /// How many items at most.
    #[param(minimum = 1, maximum = 100, default = 50)]
    limit: Option<u64>,
    /// The `next` of the page before.
    after: Option<String>,
}

impl From<domain::Job> for Job {
    fn from(job: domain::Job) -> Self {
        Job {
            id: job.id.number(),
            kind: job.kind,
            state: job.state,
            attempts: job.attempts,
            last_error: job.last_error,
            run_at: job.run_at.into(),
            created_at: job.created_at.into(),
        }
    }
}

/// Lists jobs, newest first.
#[utoipa::path(get, path = "/api/v1/jobs", tag = "jobs", params(JobQuery),
    responses((status = 200, description = "A page of them.", body = Page<Job>)))]
async fn list_jobs(
    State(app): State<App>,
    Caller(actor): Caller,
    Query(query): Query<JobQuery>,
) -> Result<Json<Page<Job>>, Problem> {
    let limit = page::limit(query.limit)?;
    let before = page::decode::<1>(query.after.as_deref())?.map(|[id]| Id::new(id));
    let state = query.state.unwrap_or(JobState::Dead);
    let jobs = app.desk.list_jobs(&actor, state, before, limit).await?;
    Ok(Json(Page::full(jobs, limit, |last| page::encode(&[last.id.number()]), Job::from)))
}

/// Gives a job that was given up another life.
#[utoipa::path(post, path = "/api/v1/jobs/{id}/retry", tag = "jobs",
    responses((status = 204, description = "It waits to be tried again.")))]
async fn retry_job(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<StatusCode, Problem> {
    app.desk.retry_job(&actor, Id::new(id)).await?;
    Ok(StatusCode::NO_CONTENT)
}
