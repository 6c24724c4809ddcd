//! A remote web server with fixed replies, which counts its requests.

use std::collections::HashMap;
use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use image::{ImageFormat, Rgb, RgbImage};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// Reply at a path: a complete HTTP response, or none (the connection hangs).
pub(crate) enum Page {
    Replies(Vec<u8>),
    Hangs,
}

pub(crate) struct Remote {
    pub(crate) origin: String,
    visits: Arc<AtomicUsize>,
}

impl Remote {
    pub(crate) async fn serving(pages: impl IntoIterator<Item = (&'static str, Page)>) -> Self {
        Self::serving_at("127.0.0.1", pages).await
    }

    pub(crate) async fn serving_at(address: &str, pages: impl IntoIterator<Item = (&'static str, Page)>) -> Self {
        let listener = TcpListener::bind((address, 0)).await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let visits = Arc::new(AtomicUsize::new(0));
        let (counter, pages) = (
            Arc::clone(&visits),
            Arc::new(pages.into_iter().collect::<HashMap<_, _>>()),
        );
        tokio::spawn(async move {
            while let Ok((mut socket, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let pages = Arc::clone(&pages);
                tokio::spawn(async move {
                    let mut request = vec![0; 8192];
                    let length = socket.read(&mut request).await.unwrap_or(0);
                    let request = String::from_utf8_lossy(&request[..length]).into_owned();
                    let path = request.split(' ').nth(1).unwrap_or_default();
                    match pages.get(path) {
                        Some(Page::Replies(reply)) => drop(socket.write_all(reply).await),
                        Some(Page::Hangs) => std::future::pending().await,
                        None => drop(socket.write_all(&reply("404 Not Found", "text/plain", b"no")).await),
                    }
                });
            }
        });
        Self { origin, visits }
    }

    /// Number of requests received.
    pub(crate) fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }

    /// URL of a path on this server, escaped for a query parameter.
    pub(crate) fn at(&self, path: &str) -> String {
        format!("{}{path}", self.origin).replace('&', "%26")
    }
}

fn reply(status: &str, content_type: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

pub(crate) fn ok(content_type: &str, body: &[u8]) -> Page {
    Page::Replies(reply("200 OK", content_type, body))
}

pub(crate) fn html(links: &str) -> Page {
    ok(
        "text/html",
        format!("<!doctype html><title>x</title>{links}<p>").as_bytes(),
    )
}

pub(crate) fn redirect(to: &str) -> Page {
    Page::Replies(
        format!("HTTP/1.1 302 Found\r\nlocation: {to}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n").into(),
    )
}

/// An image whose left half is red and whose right half is blue.
pub(crate) fn halves(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let pixels = RgbImage::from_fn(width, height, |x, _| {
        if x < width / 2 {
            Rgb([255, 0, 0])
        } else {
            Rgb([0, 0, 255])
        }
    });
    let image = image::DynamicImage::ImageRgb8(pixels);
    let image = if format == ImageFormat::Ico {
        image.into_rgba8().into()
    } else {
        image
    };
    let mut bytes = Cursor::new(Vec::new());
    image.write_to(&mut bytes, format).expect("a picture");
    bytes.into_inner()
}
