//! Files: uploaded first, then named by a message; read through short-lived
//! addresses that are served here as well.

use axum::Router;
use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{DefaultBodyLimit, FromRequest, Multipart, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use desk::{SignedFile, Upload, wire};
use domain::{ATTACHMENT_BYTES_MAX, Error, Id};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::{Answer, answer};
use crate::app::App;
use crate::auth::Caller;
use crate::extract::{Json, Path, Query};
use crate::problem::Problem;
use crate::schema;

/// What a form may have besides the file, in bytes.
const FORM_BYTES_MAX: usize = 64 * 1024;
/// Nothing that stands in a file may run, and nothing may frame it.
const FILE_POLICY: &str = "default-src 'none'; sandbox; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(upload_attachment))
        .layer(body_limit())
        .routes(routes!(get_attachment))
        .merge(OpenApiRouter::from(Router::new().route("/files/{account}/{id}", get(open_file))))
}

/// How large the body of an upload may be.
pub(super) fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(ATTACHMENT_BYTES_MAX + FORM_BYTES_MAX)
}

/// An address of a file, good for ten minutes.
#[derive(Serialize, ToSchema)]
pub(super) struct FileLink {
    /// From the root of this server, or whole if files have an origin of their own.
    #[schema(example = "/files/1/5?expires=1795338000&signature=…")]
    pub(super) url: String,
    #[schema(value_type = String, format = DateTime)]
    pub(super) expires_at: wire::Time,
}

impl FileLink {
    pub(super) fn new(signed: SignedFile, app: &App) -> Self {
        let origin = app.options.files_origin.as_deref().unwrap_or_default();
        FileLink { url: format!("{origin}{}", signed.path), expires_at: signed.expires_at.into() }
    }
}

/// The parts of a signed address.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Signature {
    expires: i64,
    signature: String,
}

/// Uploads a file, which may be sent with a message within a day.
#[utoipa::path(post, path = "/api/v1/attachments", tag = "attachments",
    request_body(content = schema::UploadForm, content_type = "multipart/form-data"),
    responses((status = 201, description = "Uploaded.", body = schema::Attachment)))]
async fn upload_attachment(
    State(app): State<App>,
    Caller(actor): Caller,
    request: Request,
) -> Answer {
    let upload = read_upload(request, &app).await?;
    let attachment = app.desk.upload_by_agent(&actor, upload).await?;
    Ok(answer(StatusCode::CREATED, &wire::Attachment::from(&attachment)))
}

/// Gives an address from which a file can be fetched for ten minutes.
#[utoipa::path(get, path = "/api/v1/attachments/{id}", tag = "attachments",
    responses((status = 200, description = "The address.", body = FileLink)))]
async fn get_attachment(
    State(app): State<App>,
    Caller(actor): Caller,
    Path(id): Path<i64>,
) -> Result<Json<FileLink>, Problem> {
    let signed = app.desk.signed_file(&actor, Id::new(id)).await?;
    Ok(Json(FileLink::new(signed, &app)))
}

/// Serves a file at its signed address. It is no part of the document: its
/// address is given, never made.
async fn open_file(
    State(app): State<App>,
    Path((account, id)): Path<(i64, i64)>,
    Query(given): Query<Signature>,
) -> Result<Response, Problem> {
    let (attachment, bytes) =
        app.desk.open_file(Id::new(account), Id::new(id), given.expires, &given.signature).await?;
    let shown = matches!(
        attachment.content_type.as_str(),
        "image/png" | "image/jpeg" | "image/gif" | "image/webp"
    );
    let disposition = if shown { "inline" } else { "attachment" };
    let disposition = format!("{disposition}; filename*=UTF-8''{}", percent(&attachment.name));
    let text = |value: &str| HeaderValue::from_str(value).map_err(Error::internal);
    let headers = [
        (header::CONTENT_TYPE, text(&attachment.content_type)?),
        (header::CONTENT_DISPOSITION, text(&disposition)?),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(FILE_POLICY)),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=600")),
        // Console and widget may be on other origins than the files.
        (
            HeaderName::from_static("cross-origin-resource-policy"),
            HeaderValue::from_static("cross-origin"),
        ),
    ];
    Ok((headers, bytes).into_response())
}

/// Reads the part `file` of a form.
pub(super) async fn read_upload(request: Request, app: &App) -> Result<Upload, Problem> {
    let mut form = match Multipart::from_request(request, app).await {
        Ok(form) => form,
        Err(_) => return Err(Problem::wrong_media_type(&["multipart/form-data"])),
    };
    while let Some(part) = form.next_field().await.map_err(unreadable)? {
        if part.name() != Some("file") {
            continue;
        }
        let name = part.file_name().unwrap_or_default().to_owned();
        let declared_type = part.content_type().map(str::to_owned);
        let bytes: Bytes = part.bytes().await.map_err(unreadable)?;
        return Ok(Upload { name, bytes, declared_type });
    }
    Err(Error::invalid("/file", "the form has no part of this name").into())
}

fn unreadable(error: MultipartError) -> Problem {
    match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Problem::too_large(),
        _ => Problem::malformed("the form is not what its media type says"),
    }
}

/// Writes a name as a header takes it (RFC 8187).
fn percent(name: &str) -> String {
    use std::fmt::Write as _;
    let mut written = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            written.push(char::from(byte));
        } else {
            let _ = write!(written, "%{byte:02X}");
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(percent("账单\"\r\n;.png"), "%E8%B4%A6%E5%8D%95%22%0D%0A%3B.png");
    }
}
