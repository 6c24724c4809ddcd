//! Parsing, validation and writing of coordinates as JSON.

use geo::{Coord, Geometry, LineString, Polygon, coord};
use serde_json::Value;

use crate::{Error, Kind};

/// The kind of shape, determined by the nesting depth of the coordinates.
pub(crate) fn kind(json: &Value) -> Result<Kind, Error> {
    let mut first = json;
    let mut depth = 0;
    while let Some(inner) = first.get(0) {
        first = inner;
        depth += 1;
    }
    match depth {
        _ if !first.is_number() => Err(Error::Unknown),
        1 => Ok(Kind::Point),
        2 => Ok(Kind::Line),
        3 => Ok(Kind::Polygon),
        _ => Err(Error::Unknown),
    }
}

pub(crate) fn read(kind: Kind, json: &Value) -> Result<Geometry<f64>, Error> {
    match kind {
        Kind::Point => Ok(Geometry::Point(point(json)?.into())),
        Kind::Line => Ok(Geometry::LineString(points(json, 2, Error::NotALine)?)),
        Kind::Polygon => polygon(json).map(Geometry::Polygon),
    }
}

pub(crate) fn write(geometry: &Geometry<f64>) -> String {
    let mut out = String::new();
    match geometry {
        Geometry::Point(point) => write_point(&mut out, point.0),
        Geometry::LineString(line) => write_points(&mut out, line),
        Geometry::Polygon(polygon) => {
            let rings = std::iter::once(polygon.exterior()).chain(polygon.interiors());
            write_list(&mut out, rings, write_points);
        }
        // A shape is one of these three.
        _ => {}
    }
    out
}

fn polygon(json: &Value) -> Result<Polygon<f64>, Error> {
    if matches!(self::kind(json), Ok(Kind::Line)) {
        return Ok(Polygon::new(ring(json)?, Vec::new()));
    }
    let list = json.as_array().ok_or(Error::NotAPolygon)?;
    let mut rings = list.iter().map(ring);
    let exterior = rings.next().ok_or(Error::NotAPolygon)??;
    Ok(Polygon::new(exterior, rings.collect::<Result<_, _>>()?))
}

fn ring(json: &Value) -> Result<LineString<f64>, Error> {
    let ring = points(json, 4, Error::NotARing)?;
    if ring.is_closed() {
        Ok(ring)
    } else {
        Err(Error::OpenRing)
    }
}

fn points(json: &Value, min: usize, otherwise: Error) -> Result<LineString<f64>, Error> {
    let list = json.as_array().filter(|list| list.len() >= min).ok_or(otherwise)?;
    list.iter().map(point).collect()
}

fn point(json: &Value) -> Result<Coord<f64>, Error> {
    let [x, y] = json.as_array().map(Vec::as_slice).ok_or(Error::NotAPoint)? else {
        return Err(Error::NotAPoint);
    };
    let x = x.as_f64().ok_or(Error::NotAPoint)?;
    let y = y.as_f64().ok_or(Error::NotAPoint)?;
    if !(-180.0..=180.0).contains(&x) {
        return Err(Error::Longitude(x));
    }
    if !(-90.0..=90.0).contains(&y) {
        return Err(Error::Latitude(y));
    }
    Ok(coord! { x: settled(x), y: settled(y) })
}

/// Replaces -0 and numbers below 1e-30 by 0: they cause wrong results, because their products underflow.
fn settled(number: f64) -> f64 {
    if number.abs() < 1e-30 { 0.0 } else { number }
}

fn write_points(out: &mut String, line: &LineString<f64>) {
    write_list(out, line.coords().copied(), write_point);
}

fn write_point(out: &mut String, at: Coord<f64>) {
    write_list(out, [at.x, at.y], write_number);
}

fn write_number(out: &mut String, number: f64) {
    if number.fract() == 0.0 {
        out.push_str(&number.to_string());
    } else {
        out.push_str(&Value::from(number).to_string());
    }
}

fn write_list<T>(out: &mut String, items: impl IntoIterator<Item = T>, write: impl Fn(&mut String, T)) {
    out.push('[');
    for (index, item) in items.into_iter().enumerate() {
        if index > 0 {
            out.push(',');
        }
        write(out, item);
    }
    out.push(']');
}
