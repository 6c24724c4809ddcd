//! The test provider used by Appwrite's own end-to-end tests: one client, one code, one token, two users.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode};
use serde_json::{Value, json};
use url::Url;

use crate::form::Params;
use crate::reply;

/// Mount path.
pub const PATH: &str = "/v1/mock/tests/general/oauth2";

/// API version contained in its errors.
const VERSION: &str = "1.8.1";
const CLIENT_ID: &str = "1";
const CLIENT_SECRET: &str = "123456";
const CODE: &str = "abcdef";
const ACCESS_TOKEN: &str = "123456";
const REFRESH_TOKEN: &str = "tuvwxyz";

/// Handles a request for the test provider; returns `None` for any other path.
pub fn handle(request: &Request<Bytes>) -> Option<Response<Bytes>> {
    let rest = request.uri().path().strip_prefix(PATH)?;
    if request.method() != Method::GET {
        return None;
    }
    let params = crate::form::query(request);
    let answer = match rest {
        "" => authorize(&params),
        "/token" => token(&params),
        "/user" => user(&params, 1, "useroauth@localhost.test", true),
        "/user-unverified" => user(&params, 2, "useroauthunverified@localhost.test", false),
        "/success" => Ok(reply::json(StatusCode::OK, &json!({ "result": "success" }))),
        "/failure" => Ok(reply::json(StatusCode::BAD_REQUEST, &json!({ "result": "failure" }))),
        _ => return None,
    };
    Some(answer.unwrap_or_else(refusal))
}

/// Redirects back immediately, without a consent page.
fn authorize(params: &Params) -> Result<Response<Bytes>, &'static str> {
    let callback = Url::parse(params.get("redirect_uri").unwrap_or_default());
    let mut url = callback
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))
        .ok_or("Invalid redirect URI")?;
    url.query_pairs_mut()
        .append_pair("code", CODE)
        .append_pair("state", params.get("state").unwrap_or_default());
    Ok(reply::redirect(StatusCode::FOUND, url.as_str()))
}

fn token(params: &Params) -> Result<Response<Bytes>, &'static str> {
    let is = |name: &str, wanted: &str| params.get(name) == Some(wanted);
    if !is("client_id", CLIENT_ID) {
        return Err("Invalid client ID");
    }
    if !is("client_secret", CLIENT_SECRET) {
        return Err("Invalid client secret");
    }
    match params.get("grant_type").unwrap_or("authorization_code") {
        "authorization_code" if is("code", CODE) => {}
        "authorization_code" => return Err("Invalid token"),
        "refresh_token" if is("refresh_token", REFRESH_TOKEN) => {}
        "refresh_token" => return Err("Invalid refresh token"),
        _ => return Err("Invalid grant type"),
    }
    let body = json!({ "access_token": ACCESS_TOKEN, "refresh_token": REFRESH_TOKEN, "expires_in": 14400 });
    Ok(reply::json(StatusCode::OK, &body))
}

fn user(params: &Params, id: u32, email: &str, verified: bool) -> Result<Response<Bytes>, &'static str> {
    if params.get("token") != Some(ACCESS_TOKEN) {
        return Err("Invalid token");
    }
    let body: Value = json!({ "id": id, "name": "User Name", "email": email, "verified": verified });
    Ok(reply::json(StatusCode::OK, &body))
}

fn refusal(message: &str) -> Response<Bytes> {
    let body = json!({ "message": message, "code": 400, "type": "general_mock", "version": VERSION });
    reply::json(StatusCode::BAD_REQUEST, &body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn get(address: &str) -> Response<Bytes> {
        let request = Request::get(format!("{PATH}{address}")).body(Bytes::new()).unwrap();
        handle(&request).unwrap()
    }

    #[test]
    fn the_mock_redirects_redeems_and_returns_the_user() {
        let reply = get("?client_id=1&redirect_uri=http%3A%2F%2Flocalhost%2Fback%3Fa%3D1&scope=email&state=s%26t");
        assert_eq!(reply.status(), 302);
        assert_eq!(
            reply.headers()["location"],
            "http://localhost/back?a=1&code=abcdef&state=s%26t"
        );
        assert_eq!(get("?redirect_uri=javascript%3Aalert(1)").status(), 400);

        let reply = get("/token?client_id=1&client_secret=123456&code=abcdef");
        let body: Value = serde_json::from_slice(reply.body()).unwrap();
        assert_eq!(body["refresh_token"], "tuvwxyz");
        assert_eq!(
            get("/token?client_id=1&client_secret=123456&grant_type=refresh_token&refresh_token=tuvwxyz").status(),
            200
        );
        assert_eq!(get("/token?client_id=1&client_secret=wrong&code=abcdef").status(), 400);

        let reply = get("/user-unverified?token=123456");
        let body: Value = serde_json::from_slice(reply.body()).unwrap();
        assert_eq!((&body["id"], &body["verified"]), (&json!(2), &json!(false)));
        assert_eq!(
            (get("/success").status(), get("/failure").status()),
            (StatusCode::OK, StatusCode::BAD_REQUEST)
        );
    }
}
