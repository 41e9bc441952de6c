//! Players are distributed as they should be, and every field counts.

use super::{Player, Players};
use crate::{EDGES, Message, Task, WILD};

fn players(seed: u64, count: u32) -> Vec<Player> {
    Players::generate(seed, 0, count).players
}

fn mean(players: &[Player], value: impl Fn(&Player) -> f64) -> f64 {
    players.iter().map(value).sum::<f64>() / players.len() as f64
}

#[test]
fn means_are_those_of_the_data_set() {
    let players = players(7, 4000);
    let close = |what: &str, found: f64, expected: f64| {
        assert!((found / expected - 1.0).abs() < 0.05, "{what}: {found}, but should be about {expected}");
    };
    close("items", mean(&players, |p| p.inventory.len() as f64), 19.5);
    close("ender items", mean(&players, |p| p.ender_items.len() as f64), 13.0);
    close("recipes", mean(&players, |p| p.recipe_book.recipes.len() as f64), 14.5);
    close("displayed", mean(&players, |p| p.recipe_book.to_be_displayed.len() as f64), 4.5);
    close("vehicles", mean(&players, |p| f64::from(p.root_vehicle.is_some())), 0.5);
    close("forced", mean(&players, |p| f64::from(p.spawn_forced.is_some())), 0.5);
    close("floats", mean(&players, |p| f64::from(p.xp_p)), 0.5);
    close("payload", Players { players: players.clone() }.payload_bytes() as f64 / 4000.0, 640.0);
}

#[test]
fn sizes_agree_about_a_player() {
    assert_eq!(players(3, 10)[..4], players(3, 4));
    assert_eq!(Players::generate(3, 2, 5).players, players(3, 15)[10..]);
}

#[test]
fn wild_floats_are_finite() {
    let finite = |p: &Player| p.xp_p.is_finite() && p.entered_nether_position.is_none_or(|(x, ..)| x.is_finite());
    assert!(players(WILD | 5, 500).iter().all(finite));
}

/// Each change of one field changes the digest.
#[test]
fn every_field_counts() {
    let whole = Players::generate(EDGES, 1, 1);
    assert_eq!(whole.rebuilt().as_ref(), Ok(&whole));
    type Change = fn(&mut Player);
    let changes: [Change; 36] = [
        |p| p.game_type = super::GameType::Creative,
        |p| p.previous_game_type = super::GameType::Creative,
        |p| p.score ^= 1,
        |p| p.dimension.push('x'),
        |p| p.selected_item_slot ^= 1,
        |p| p.selected_item.count ^= 1,
        |p| p.selected_item.slot ^= 1,
        |p| p.selected_item.id.push('x'),
        |p| p.spawn_dimension = None,
        |p| p.spawn_x ^= 1,
        |p| p.spawn_y ^= 1,
        |p| p.spawn_z ^= 1,
        |p| p.spawn_forced = Some(false),
        |p| p.spawn_forced = None,
        |p| p.sleep_timer ^= 1,
        |p| p.food_exhaustion_level = 0.5,
        |p| p.food_saturation_level = 0.5,
        |p| p.food_tick_timer ^= 1,
        |p| p.xp_level ^= 1,
        |p| p.xp_p = 0.5,
        |p| p.xp_total ^= 1,
        |p| p.xp_seed ^= 1,
        |p| p.inventory[3].count ^= 1,
        |p| p.inventory.truncate(38),
        |p| p.ender_items[25].id.push('x'),
        |p| p.abilities.fly_speed = 0.5,
        |p| p.abilities.instabuild = false,
        |p| p.entered_nether_position = None,
        |p| p.root_vehicle.as_mut().unwrap().0[3] ^= 1,
        |p| p.root_vehicle.as_mut().unwrap().1.glowing = false,
        |p| p.shoulder_entity_left.as_mut().unwrap().custom_name = None,
        |p| p.shoulder_entity_right.as_mut().unwrap().motion.2 = 0.5,
        |p| p.seen_credits = false,
        |p| p.recipe_book.recipes[28].push('x'),
        |p| p.recipe_book.to_be_displayed.truncate(8),
        |p| p.recipe_book.is_smoker_gui_open = false,
    ];
    for (number, change) in changes.iter().enumerate() {
        let mut other = whole.clone();
        change(&mut other.players[0]);
        assert_ne!(other, whole, "change {number} changes nothing");
        assert_ne!(other.digest(Task::Scan), whole.digest(Task::Scan), "change {number}");
    }
}
