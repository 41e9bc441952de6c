# The messages of weft for Cap'n Proto: the types of src/, field by field, in the same order.
# capnp/src/generated/weft_capnp.rs is made from this file by generate.sh.

@0xa7060a120eec1759;

# Where the generated module lies. The annotation is that of capnpc's rust.capnp, known by its id.
annotation parentModule @0xabee386cd1450364 (file) :Text;
$parentModule("generated");

struct Ping {
  sequence @0 :UInt64;
  source @1 :UInt32;
  kind @2 :UInt16;
  flags @3 :UInt16;
}

enum ZonePlan { free @0; pro @1; biz @2; ent @3; }

enum HttpProtocol { unknown @0; http10 @1; http11 @2; httpMax @3; }

enum Method {
  unknown @0; get @1; post @2; delete @3; put @4; head @5; purge @6; options @7; propfind @8; mkcol @9; patch @10;
}

enum OriginProtocol { unknown @0; http @1; https @2; }

enum CacheStatus { unknown @0; miss @1; expired @2; hit @3; }

enum Country {
  unknown @0; a1 @1; a2 @2; o1 @3; ap @4; eu @5; xk @6;
  ad @7; ae @8; af @9; ag @10; ai @11; al @12; am @13; ao @14; aq @15; ar @16; as @17; at @18; au @19; aw @20;
  ax @21; az @22;
  ba @23; bb @24; bd @25; be @26; bf @27; bg @28; bh @29; bi @30; bj @31; bl @32; bm @33; bn @34; bo @35; bq @36;
  br @37; bs @38; bt @39; bv @40; bw @41; by @42; bz @43;
  ca @44; cc @45; cd @46; cf @47; cg @48; ch @49; ci @50; ck @51; cl @52; cm @53; cn @54; co @55; cr @56; cu @57;
  cv @58; cw @59; cx @60; cy @61; cz @62;
  de @63; dj @64; dk @65; dm @66; do @67; dz @68; ec @69; ee @70; eg @71; eh @72; er @73; es @74; et @75; fi @76;
  fj @77; fk @78; fm @79; fo @80; fr @81;
  ga @82; gb @83; gd @84; ge @85; gf @86; gg @87; gh @88; gi @89; gl @90; gm @91; gn @92; gp @93; gq @94; gr @95;
  gs @96; gt @97; gu @98; gw @99; gy @100;
  hk @101; hm @102; hn @103; hr @104; ht @105; hu @106; id @107; ie @108; il @109; im @110; in @111; io @112;
  iq @113; ir @114; is @115; it @116; je @117; jm @118; jo @119; jp @120;
  ke @121; kg @122; kh @123; ki @124; km @125; kn @126; kp @127; kr @128; kw @129; ky @130; kz @131; la @132;
  lb @133; lc @134; li @135; lk @136; lr @137; ls @138; lt @139; lu @140; lv @141; ly @142;
  ma @143; mc @144; md @145; me @146; mf @147; mg @148; mh @149; mk @150; ml @151; mm @152; mn @153; mo @154;
  mp @155; mq @156; mr @157; ms @158; mt @159; mu @160; mv @161; mw @162; mx @163; my @164; mz @165;
  na @166; nc @167; ne @168; nf @169; ng @170; ni @171; nl @172; no @173; np @174; nr @175; nu @176; nz @177;
  om @178; pa @179; pe @180; pf @181; pg @182; ph @183; pk @184; pl @185; pm @186; pn @187; pr @188; ps @189;
  pt @190; pw @191; py @192;
  qa @193; re @194; ro @195; rs @196; ru @197; rw @198; sa @199; sb @200; sc @201; sd @202; se @203; sg @204;
  sh @205; si @206; sj @207; sk @208; sl @209; sm @210; sn @211; so @212; sr @213; ss @214; st @215; sv @216;
  sx @217; sy @218; sz @219;
  tc @220; td @221; tf @222; tg @223; th @224; tj @225; tk @226; tl @227; tm @228; tn @229; to @230; tr @231;
  tt @232; tv @233; tw @234; tz @235; ua @236; ug @237; um @238; us @239; uy @240; uz @241;
  va @242; vc @243; ve @244; vg @245; vi @246; vn @247; vu @248; wf @249; ws @250; ye @251; yt @252; za @253;
  zm @254; zw @255;
}

struct Http {
  protocol @0 :HttpProtocol;
  status @1 :UInt32;
  hostStatus @2 :UInt32;
  upStatus @3 :UInt32;
  method @4 :Method;
  contentType @5 :Text;
  userAgent @6 :Text;
  referer @7 :Text;
  requestUri @8 :Text;
}

struct Origin {
  ip @0 :Text;
  port @1 :UInt32;
  hostname @2 :Text;
  protocol @3 :OriginProtocol;
}

struct LogRecord {
  timestamp @0 :Int64;
  zoneId @1 :UInt32;
  zonePlan @2 :ZonePlan;
  http @3 :Http;
  origin @4 :Origin;
  country @5 :Country;
  cacheStatus @6 :CacheStatus;
  serverIp @7 :Text;
  serverName @8 :Text;
  remoteIp @9 :Text;
  bytesDlv @10 :UInt64;
  rayId @11 :Text;
}

struct Log {
  records @0 :List(LogRecord);
}

# Groups lie within the struct that holds them: a triangle is 48 bytes, and no pointer.
struct Triangle {
  v0 :group { x @0 :Float32; y @1 :Float32; z @2 :Float32; }
  v1 :group { x @3 :Float32; y @4 :Float32; z @5 :Float32; }
  v2 :group { x @6 :Float32; y @7 :Float32; z @8 :Float32; }
  normal :group { x @9 :Float32; y @10 :Float32; z @11 :Float32; }
}

struct Mesh {
  triangles @0 :List(Triangle);
}

struct Blob {
  data @0 :Data;
}

enum GameType { survival @0; creative @1; adventure @2; spectator @3; }

struct Item {
  count @0 :Int8;
  slot @1 :UInt8;
  id @2 :Text;
}

struct Vector3d {
  x @0 :Float64;
  y @1 :Float64;
  z @2 :Float64;
}

# A name that is not there is a null pointer.
struct Entity {
  id @0 :Text;
  pos :group { x @1 :Float64; y @2 :Float64; z @3 :Float64; }
  motion :group { x @4 :Float64; y @5 :Float64; z @6 :Float64; }
  rotation :group { x @7 :Float32; y @8 :Float32; }
  fallDistance @9 :Float32;
  fire @10 :UInt16;
  air @11 :UInt16;
  onGround @12 :Bool;
  noGravity @13 :Bool;
  invulnerable @14 :Bool;
  portalCooldown @15 :Int32;
  uuid :group { x0 @16 :UInt32; x1 @17 :UInt32; x2 @18 :UInt32; x3 @19 :UInt32; }
  customName @20 :Text;
  customNameVisible @21 :Bool;
  silent @22 :Bool;
  glowing @23 :Bool;
}

struct Vehicle {
  uuid :group { x0 @0 :UInt32; x1 @1 :UInt32; x2 @2 :UInt32; x3 @3 :UInt32; }
  entity @4 :Entity;
}

struct RecipeBook {
  recipes @0 :List(Text);
  toBeDisplayed @1 :List(Text);
  isFilteringCraftable @2 :Bool;
  isGuiOpen @3 :Bool;
  isFurnaceFilteringCraftable @4 :Bool;
  isFurnaceGuiOpen @5 :Bool;
  isBlastingFurnaceFilteringCraftable @6 :Bool;
  isBlastingFurnaceGuiOpen @7 :Bool;
  isSmokerFilteringCraftable @8 :Bool;
  isSmokerGuiOpen @9 :Bool;
}

# What is not there is a null pointer; but for spawnForced, which is no pointer.
struct Player {
  gameType @0 :GameType;
  previousGameType @1 :GameType;
  score @2 :Int64;
  dimension @3 :Text;
  selectedItemSlot @4 :UInt32;
  selectedItem @5 :Item;
  spawnDimension @6 :Text;
  spawnX @7 :Int64;
  spawnY @8 :Int64;
  spawnZ @9 :Int64;
  spawnForced :union { none @10 :Void; some @11 :Bool; }
  sleepTimer @12 :UInt16;
  foodExhaustionLevel @13 :Float32;
  foodSaturationLevel @14 :Float32;
  foodTickTimer @15 :UInt32;
  xpLevel @16 :UInt32;
  xpP @17 :Float32;
  xpTotal @18 :Int32;
  xpSeed @19 :Int32;
  inventory @20 :List(Item);
  enderItems @21 :List(Item);
  abilities :group {
    walkSpeed @22 :Float32;
    flySpeed @23 :Float32;
    mayFly @24 :Bool;
    flying @25 :Bool;
    invulnerable @26 :Bool;
    mayBuild @27 :Bool;
    instabuild @28 :Bool;
  }
  enteredNetherPosition @29 :Vector3d;
  rootVehicle @30 :Vehicle;
  shoulderEntityLeft @31 :Entity;
  shoulderEntityRight @32 :Entity;
  seenCredits @33 :Bool;
  recipeBook @34 :RecipeBook;
}

struct Players {
  players @0 :List(Player);
}
