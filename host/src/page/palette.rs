//! Colours that people with any colour vision tell apart.

use serde::Serialize;

/// The scale of heat maps, from the fastest to the slowest: cividis (Nuñez, Anderton and Renslow, 2018,
/// doi:10.1371/journal.pone.0199239), at tenths.
pub const HEAT: [[u8; 3]; 11] = [
    [0x00, 0x22, 0x4e],
    [0x12, 0x35, 0x70],
    [0x31, 0x44, 0x6b],
    [0x4d, 0x55, 0x6c],
    [0x64, 0x66, 0x70],
    [0x7c, 0x7b, 0x78],
    [0x93, 0x8f, 0x78],
    [0xae, 0xa3, 0x71],
    [0xc8, 0xb8, 0x66],
    [0xe4, 0xcf, 0x52],
    [0xfe, 0xe8, 0x38],
];

/// The colours of series: those of Okabe and Ito (2008), without black and yellow, which one of the two
/// backgrounds swallows. Series differ by their markers and names as well.
pub const SERIES: [[u8; 3]; 6] = [
    [0x00, 0x72, 0xb2],
    [0xd5, 0x5e, 0x00],
    [0x00, 0x9e, 0x73],
    [0xcc, 0x79, 0xa7],
    [0xe6, 0x9f, 0x00],
    [0x56, 0xb4, 0xe9],
];

/// The scale of changes where the page is light, from faster to slower: `RdBu` of ColorBrewer (Harrower and Brewer,
/// 2003, doi:10.1179/000870403235002042), blue first. Its middle is nearly white.
pub const CHANGE_LIGHT: [[u8; 3]; 9] = [
    [0x21, 0x66, 0xac],
    [0x43, 0x93, 0xc3],
    [0x92, 0xc5, 0xde],
    [0xd1, 0xe5, 0xf0],
    [0xf7, 0xf7, 0xf7],
    [0xfd, 0xdb, 0xc7],
    [0xf4, 0xa5, 0x82],
    [0xd6, 0x60, 0x4d],
    [0xb2, 0x18, 0x2b],
];

/// The same where it is dark: the same hues, and lighter the farther they are from the middle, which is dark.
pub const CHANGE_DARK: [[u8; 3]; 9] = [
    [0x92, 0xc5, 0xde],
    [0x43, 0x93, 0xc3],
    [0x21, 0x66, 0xac],
    [0x1c, 0x40, 0x68],
    [0x2a, 0x2d, 0x33],
    [0x62, 0x1f, 0x2a],
    [0xb2, 0x18, 0x2b],
    [0xd6, 0x60, 0x4d],
    [0xf4, 0xa5, 0x82],
];

/// The colours of a page's charts, as its script reads them.
#[derive(Serialize)]
pub struct Colours {
    heat: Vec<String>,
    series: Vec<String>,
    change_light: Vec<String>,
    change_dark: Vec<String>,
}

/// All of them.
pub fn colours() -> Colours {
    let all = |scale: &[[u8; 3]]| scale.iter().copied().map(hex).collect();
    Colours { heat: all(&HEAT), series: all(&SERIES), change_light: all(&CHANGE_LIGHT), change_dark: all(&CHANGE_DARK) }
}

/// A colour as CSS and SVG write it.
pub fn hex([red, green, blue]: [u8; 3]) -> String {
    format!("#{red:02x}{green:02x}{blue:02x}")
}

/// The colour of the scale at a part from 0 to 1.
pub fn heat(part: f64) -> [u8; 3] {
    let place = part.clamp(0.0, 1.0) * (HEAT.len() - 1) as f64;
    let (from, along) = (place.floor(), place.fract());
    let stop = |at: f64| HEAT.get(at as usize).copied().unwrap_or(HEAT[HEAT.len() - 1]);
    let (left, right) = (stop(from), stop(from + 1.0));
    [0, 1, 2].map(|channel| {
        let (left, right) = (f64::from(left[channel]), f64::from(right[channel]));
        (left + along * (right - left)).round() as u8
    })
}

/// Whether black text is easier to read on a colour than white: by the contrast of WCAG 2.1.
pub fn takes_black(colour: [u8; 3]) -> bool {
    let linear = |channel: u8| {
        let value = f64::from(channel) / 255.0;
        if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    let [red, green, blue] = colour.map(linear);
    let luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
    (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05)
}

#[cfg(test)]
mod tests {
    use super::{HEAT, heat, hex, takes_black};

    #[test]
    fn the_scale_goes_through_its_stops() {
        assert_eq!(heat(0.0), HEAT[0]);
        assert_eq!(heat(1.0), HEAT[10]);
        assert_eq!(heat(0.5), HEAT[5]);
        assert_eq!(heat(-3.0), HEAT[0]);
        assert_eq!(hex(heat(0.05)), "#092c5f");
    }

    #[test]
    fn text_stands_out() {
        assert!(takes_black(HEAT[10]) && takes_black(HEAT[6]));
        assert!(!takes_black(HEAT[0]) && !takes_black(HEAT[3]));
    }
}
