//! The enumerations of a log record. Each is one byte, numbered from 0 in the order given here,
//! in every codec and schema.

use crate::enumeration::wire_enum;

wire_enum! {
    /// What the zone's owner pays for.
    ZonePlan { Free, Pro, Biz, Ent }
}
wire_enum! {
    /// The version of HTTP that the client spoke.
    HttpProtocol { Unknown, Http10, Http11, HttpMax }
}
wire_enum! {
    /// The request's method.
    Method { Unknown, Get, Post, Delete, Put, Head, Purge, Options, Propfind, Mkcol, Patch }
}
wire_enum! {
    /// How the origin was reached.
    OriginProtocol { Unknown, Http, Https }
}
wire_enum! {
    /// What the cache said.
    CacheStatus { Unknown, Miss, Expired, Hit }
}
wire_enum! {
    /// Where the client is: the 249 codes of ISO 3166-1 and seven that logs use beside them.
    Country {
        Unknown, A1, A2, O1, Ap, Eu, Xk,
        Ad, Ae, Af, Ag, Ai, Al, Am, Ao, Aq, Ar, As, At, Au, Aw, Ax, Az,
        Ba, Bb, Bd, Be, Bf, Bg, Bh, Bi, Bj, Bl, Bm, Bn, Bo, Bq, Br, Bs, Bt, Bv, Bw, By, Bz,
        Ca, Cc, Cd, Cf, Cg, Ch, Ci, Ck, Cl, Cm, Cn, Co, Cr, Cu, Cv, Cw, Cx, Cy, Cz,
        De, Dj, Dk, Dm, Do, Dz, Ec, Ee, Eg, Eh, Er, Es, Et, Fi, Fj, Fk, Fm, Fo, Fr,
        Ga, Gb, Gd, Ge, Gf, Gg, Gh, Gi, Gl, Gm, Gn, Gp, Gq, Gr, Gs, Gt, Gu, Gw, Gy,
        Hk, Hm, Hn, Hr, Ht, Hu, Id, Ie, Il, Im, In, Io, Iq, Ir, Is, It, Je, Jm, Jo, Jp,
        Ke, Kg, Kh, Ki, Km, Kn, Kp, Kr, Kw, Ky, Kz, La, Lb, Lc, Li, Lk, Lr, Ls, Lt, Lu, Lv, Ly,
        Ma, Mc, Md, Me, Mf, Mg, Mh, Mk, Ml, Mm, Mn, Mo, Mp, Mq, Mr, Ms, Mt, Mu, Mv, Mw, Mx, My, Mz,
        Na, Nc, Ne, Nf, Ng, Ni, Nl, No, Np, Nr, Nu, Nz, Om, Pa, Pe, Pf, Pg, Ph, Pk, Pl, Pm, Pn, Pr, Ps, Pt, Pw, Py,
        Qa, Re, Ro, Rs, Ru, Rw, Sa, Sb, Sc, Sd, Se, Sg, Sh, Si, Sj, Sk, Sl, Sm, Sn, So, Sr, Ss, St, Sv, Sx, Sy, Sz,
        Tc, Td, Tf, Tg, Th, Tj, Tk, Tl, Tm, Tn, To, Tr, Tt, Tv, Tw, Tz, Ua, Ug, Um, Us, Uy, Uz,
        Va, Vc, Ve, Vg, Vi, Vn, Vu, Wf, Ws, Ye, Yt, Za, Zm, Zw,
    }
}

#[cfg(test)]
mod tests {
    use super::{Country, Method};

    #[test]
    fn countries_fill_the_byte() {
        assert_eq!(Country::ALL.len(), 256);
        assert_eq!(Country::from_byte(Country::Us.byte()), Ok(Country::Us));
        assert!(Method::from_byte(11).is_err());
    }
}
