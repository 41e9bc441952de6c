//! Memory from a guest's allocator: what the engine's adapter asks for where records, strings and lists are put.

/// The exports of a guest whose allocator is asked, and their types.
pub const ALLOCATOR: [(&str, &str); 2] =
    [("weft_alloc", "(param i32 i32) (result i32)"), ("weft_realloc", "(param i32 i32 i32 i32) (result i32)")];

/// The function `realloc` of a shim, which takes each piece from a guest's allocator by these two calls (each ends with what stands in
/// `table`, where it goes through one), and `copied`: the bytes of all pieces.
pub fn realloc([alloc, realloc]: [&str; 2], table: [&str; 2]) -> String {
    let [of_alloc, of_realloc] = table;
    format!(
        r#"      (global $copied (mut i64) (i64.const 0))
      (func (export "realloc")
        (param $old i32) (param $old_size i32) (param $align i32) (param $new_size i32) (result i32)
        ;; Of no bytes there is no piece: any address that is aligned will do.
        (if (i32.eqz (local.get $new_size)) (then (return (local.get $align))))
        (global.set $copied (i64.add (global.get $copied)
          (i64.extend_i32_u (i32.sub (local.get $new_size) (local.get $old_size)))))
        (if (local.get $old_size)
          (then (return ({realloc}
            (local.get $old) (local.get $old_size) (local.get $align) (local.get $new_size) {of_realloc}))))
        ({alloc} (local.get $new_size) (local.get $align) {of_alloc}))
      (func (export "copied") (result i64) (global.get $copied))"#
    )
}
