import { parse, serialize } from "parse5";
import { readFileSync } from "node:fs";
import { findSlots } from "/work/main/sidecar/page_slots.ts";
import { injectHtml, createPage } from "/work/main/sidecar/inject_html.ts";
const src = readFileSync("/work/main/bench/micro/inject_html_bench.ts","utf8");
const HEAD = /const HEAD = `([^]*?)`;/.exec(src)![1]!, ROW=/const ROW = `([^]*?)`;/.exec(src)![1]!, FOOT=/const FOOT = `([^]*?)`;/.exec(src)![1]!;
const html = HEAD+ROW.repeat(Math.ceil(50*1024/ROW.length))+FOOT;
const nosvg = html.replace(/<svg[^]*?<\/svg>/g,"").replace(/<textarea[^]*?<\/textarea>/g,"").replace(/<!--[^]*?-->/g,"");
function time(f:()=>void,n:number){let best=1e9;for(let k=0;k<40;k++){const t=performance.now();for(let i=0;i<n;i++)f();best=Math.min(best,(performance.now()-t)/n*1000)}return +best.toFixed(1)}
const enc=new TextEncoder();
const P={headStart:"<script></script>",bodyEnd:"<p>"};
const page=createPage(html);
for (let k=0;k<2;k++) console.log(html.length, nosvg.length,{slots: time(()=>findSlots(html),100),nosvg: time(()=>findSlots(nosvg),100), inj: time(()=>{injectHtml(html,P)},100),enc: time(()=>{enc.encode(html)},100), injEnc: time(()=>{enc.encode(injectHtml(html,P))},100),pageEnc: time(()=>{enc.encode(page.render(P))},100), p5: time(()=>serialize(parse(html)),5)});
