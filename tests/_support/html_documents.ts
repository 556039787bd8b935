/**
 * Random HTML documents made of what HTML scanners get wrong.
 *
 * @module
 */

/** A seeded source of numbers in [0, 1): mulberry32. */
export function createRandom(seed: number): () => number {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const SKELETON = [
  "<!doctype html>",
  '<!DOCTYPE html PUBLIC "-//W3C//DTD HTML 4.01//EN" "a>b">',
  "<html>",
  '<html lang="en" data-x="</head>">',
  "<HTML\n>",
  "<head>",
  "<HEAD\n>",
  "<head data-x='<body>'>",
  "</head>",
  "</HEAD\n>",
  "</head x>",
  "<body>",
  '<body class="</body>">',
  "<BODY/>",
  "</body>",
  "</BODY >",
  "</html>",
  "<header>",
  "</heading>",
  "<frameset>",
  "<frame>",
  "</frameset>",
  "</br>",
  "</p>",
];

const HEAD_CONTENT = [
  "<meta charset=utf-8>",
  '<link rel=stylesheet href="/a>b.css">',
  "<link href=/a/>",
  "<base href=/>",
  "<LIN\u212A rel=x>",
  "<title>a</title>",
  "<title></head></title>",
  "<title></titles></TITLE\n>",
  "<title><!-- </title> -->",
  "<style></head><!-- </style>",
  "<style>",
  "</style>",
  "<script>let a = '</head><body>';</script>",
  "<script><!-- </script>",
  "<script><script></script>",
  "<script><!--<script></script></head>--></script>",
  "<script><!--<script ></script ></script/>",
  "<script><!--><script></script>",
  "<script><!--<script-->'</script></script>",
  "<script><!--<scripts></script>",
  "<script></scripts></SCRIPT foo='>'>",
  "<script>",
  "</script>",
  "<noscript></head><link></noscript>",
  "<noscript>",
  "</noscript>",
  "<noframes></head></noframes>",
  "<template></head></template>",
  "<template>",
  "</template>",
  "<template><template></template><body></template>",
  "<template><svg><template></template></svg></head></template>",
  "<template><col><style></template></style></template>",
  "<template><td></table><script></template></script></template>",
];

// Not "</" at the very end: behind white space in a table that is one text, and a probe in its middle moves half of it.
const COMMENTS = [
  "<!-- </head> -->",
  "<!-->",
  "<!--->",
  "<!---->",
  "<!----!>",
  "<!-- --!> -->",
  "<!---!> </head> -->",
  "<!-- --!-> </head> --->",
  "<!--<!-->",
  "<!--",
  "-->",
  "<!x </head>",
  "<!>",
  "<!",
  "<?xml </head> ?>",
  "<?",
  "</ head>",
  "</>",
  "</1>",
  "<![CDATA[ </head> ]]>",
  "<![CDATA[",
  "]]>",
];

const TEXT = [
  " ",
  "\n",
  "\r\n\t",
  "\f",
  "text",
  " text ",
  "a < b",
  "<",
  "<1>",
  "&lt;head>",
  "&#32;",
  "&#x20",
  "&Tab;",
  "&tab;",
  "&#9;",
  "&#10x",
  "&#13;",
  "&nbsp;",
  "&am",
  "&",
  "\u00a0",
  "\0",
  "$&$'$`",
];

const BODY_CONTENT = [
  "<div>",
  "</div>",
  "<div id=app></div>",
  '<div title="</body><script>">',
  "<div title='>",
  "<div title=a\"b'c>",
  "<div =\"x\" y='>'>",
  "<div / a = '>' / >",
  "<a href=/x/>",
  "<p>",
  "<b>",
  "</b>",
  "<br/>",
  "<ul><li>a<li>b</ul>",
  "<textarea></body></textarea>",
  "<textarea>",
  "</textarea>",
  "<xmp></body></xmp>",
  "<iframe></body></iframe>",
  "<noembed></body></noembed>",
  "<plaintext>",
  "<select>",
  "<option>",
  "</select>",
  "<select><style></select></style>",
  "<table>",
  "<tr><td>",
  "<col>",
  "<colgroup>",
  "<caption>",
  "</table>",
  "<lin\u212A>",
  "<div\0>",
  "<unclosed a='",
  "<unclosed",
];

const FOREIGN = [
  "<svg>",
  "<svg/>",
  "<svg a=b/>",
  "<svg a='b'/>",
  "</svg>",
  "<path/>",
  "</path>",
  "<g>",
  "</g>",
  "<svg><style></body></style></svg>",
  "<svg><script></body></script></svg>",
  "<svg><title></body></title></svg>",
  "<svg><![CDATA[</svg></body>]]></svg>",
  "<svg><template></svg>",
  "<svg><desc><style></svg></style></desc></svg>",
  "<foreignObject>",
  "</foreignObject>",
  "<desc>",
  "</desc>",
  "<math>",
  "<mi>",
  "</mi>",
  "<mglyph>",
  "</math>",
  "<math><annotation-xml encoding='text/html'><style></math></style></annotation-xml></math>",
  "<math><annotation-xml><svg><title></math></title></svg></annotation-xml></math>",
  "<font>",
  "<font color=red>",
  "<annotation-xml>",
  "<image>",
];

const POOLS = [SKELETON, SKELETON, HEAD_CONTENT, COMMENTS, TEXT, BODY_CONTENT, FOREIGN];

/** Fragments of a document, to be joined; now and then in a plausible order. */
export function randomDocument(random: () => number): string[] {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!; // Never empty.
  const some = (pools: readonly (readonly string[])[], most: number): string[] =>
    Array.from({ length: Math.floor(random() * (most + 1)) }, () => pick(pick(pools)));
  if (random() < 0.4) return some(POOLS, 12);
  const inHead = [HEAD_CONTENT, COMMENTS, TEXT.slice(0, 4)];
  const inBody = [BODY_CONTENT, FOREIGN, HEAD_CONTENT, COMMENTS, TEXT];
  return [
    ...some([COMMENTS, TEXT.slice(0, 4), SKELETON.slice(0, 5)], 2),
    ...(random() < 0.7 ? ["<head>"] : []),
    ...some(inHead, 5),
    ...(random() < 0.7 ? ["</head>"] : []),
    ...some(inHead, 1),
    ...(random() < 0.7 ? ["<body>"] : []),
    ...some(inBody, 8),
    ...(random() < 0.7 ? ["</body>"] : []),
    ...some(POOLS, 1),
  ];
}

/** The shortest list of the same fragments, in the same order, that still fails: nobody reads twelve nasty ones. */
export function shrink(fragments: readonly string[], fails: (html: string) => boolean): string[] {
  let shortest = [...fragments];
  for (let at = 0; at < shortest.length;) {
    const shorter = shortest.toSpliced(at, 1);
    if (fails(shorter.join(""))) {
      shortest = shorter;
      at = 0;
    } else at++;
  }
  return shortest;
}
