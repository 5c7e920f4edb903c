// Generated from query.json, config.json and keys.json by npm run generate.
"use strict";
export const query = validate20;
const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","additionalProperties":false,"required":["u"],"anyOf":[{"required":["w"]},{"required":["h"]},{"properties":{"f":{"enum":["json","blurhash","thumbhash","lqip","color"]}},"required":["f"]},{"required":["cw"]},{"required":["ch"]}],"properties":{"k":{"type":"string"},"w":{"type":["integer","string"],"minimum":1,"maximum":8192,"pattern":"^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$"},"u":{"type":"string"},"h":{"type":["integer","string"],"minimum":1,"maximum":8192,"pattern":"^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$"},"ar":{"type":"string","pattern":"^[1-9][0-9]{0,3}(?:\\.[0-9]{1,3})?:[1-9][0-9]{0,3}(?:\\.[0-9]{1,3})?$"},"fit":{"type":"string","enum":["inside","outside","cover","contain","fill"]},"we":{"type":"boolean","default":false},"dpr":{"default":1,"type":"number","minimum":1,"maximum":8},"a":{"default":"center","type":"string","enum":["center","top","right","bottom","left","top-left","top-right","bottom-left","bottom-right","entropy","attention","focal"]},"fpx":{"type":"number","minimum":0,"maximum":1},"fpy":{"type":"number","minimum":0,"maximum":1},"cx":{"type":["integer","string"],"minimum":0,"maximum":8192,"pattern":"^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$|^0%$"},"cy":{"type":["integer","string"],"minimum":0,"maximum":8192,"pattern":"^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$|^0%$"},"cw":{"type":["integer","string"],"minimum":1,"maximum":8192,"pattern":"^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$"},"ch":{"type":["integer","string"],"minimum":1,"maximum":8192,"pattern":"^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$"},"precrop":{"type":"boolean","default":false},"trim":{"type":"integer","minimum":1,"maximum":254},"tbg":{"type":"string","pattern":"^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"},"cbg":{"type":"string","pattern":"^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"},"ro":{"default":0,"type":"number","minimum":-3600,"maximum":3600},"rbg":{"type":"string","pattern":"^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"},"flip":{"type":"boolean","default":false},"flop":{"type":"boolean","default":false},"mod":{"type":"string","pattern":"^(?:10(?:\\.0+)?|[0-9](?:\\.[0-9]+)?)(?:,(?:10(?:\\.0+)?|[0-9](?:\\.[0-9]+)?)(?:,-?[0-9]{1,3})?)?$"},"sat":{"type":"number","minimum":0,"maximum":10},"hue":{"type":"integer","minimum":-3600,"maximum":3600},"con":{"type":"integer","minimum":-100,"maximum":100},"gam":{"type":"number","minimum":1,"maximum":3},"sharp":{"type":"number","minimum":0.000001,"maximum":10},"sharpf":{"type":"number","minimum":0,"maximum":10000},"sharpj":{"type":"number","minimum":0,"maximum":10000},"filt":{"type":"string","enum":["greyscale","sepia","duotone","negate"]},"start":{"type":"string","pattern":"^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"},"stop":{"type":"string","pattern":"^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"},"blur":{"type":"number","minimum":0.3,"maximum":1000},"tint":{"type":"string","pattern":"^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"},"bg":{"type":"string","pattern":"^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"},"mask":{"type":"string","enum":["circle","ellipse","triangle","triangle-180","pentagon","pentagon-180","hexagon","square","star","heart"]},"mbg":{"type":"string","pattern":"^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"},"mtrim":{"type":"boolean","default":false},"r":{"type":["integer","string"],"minimum":1,"maximum":8192,"pattern":"^max$"},"f":{"default":"auto","type":"string","enum":["auto","jpg","png","webp","avif","gif","tiff","json","blurhash","thumbhash","lqip","color"]},"q":{"default":80,"type":"integer","minimum":1,"maximum":100},"mb":{"type":"integer","minimum":1000,"maximum":10000000},"ll":{"type":"boolean","default":false},"il":{"type":"boolean","default":false},"l":{"type":"integer","minimum":0,"maximum":9},"af":{"type":"boolean","default":false},"n":{"default":-1,"type":"integer","minimum":-1,"maximum":10000,"not":{"const":0}},"page":{"type":"integer","minimum":-2,"maximum":100000},"loop":{"type":"integer","minimum":0,"maximum":65535},"delay":{"type":"integer","minimum":20,"maximum":65535},"hdr":{"default":"sdr","type":"string","enum":["sdr","keep"]},"meta":{"default":"none","type":"string","enum":["none","copyright","keep"]},"encoding":{"type":"string","enum":["base64"]},"filename":{"type":"string","pattern":"^[A-Za-z0-9._-]{1,78}$"},"dl":{"type":"boolean","default":false},"explain":{"type":"boolean","default":false},"maxage":{"type":"string","pattern":"^[1-9][0-9]{0,8}[smhdwMy]$"},"v":{"type":"string","pattern":"^[\\s\\S]{1,64}$"},"s":{"type":"string","pattern":"^[A-Za-z0-9_-]{43}$"},"exp":{"type":"integer","minimum":1,"maximum":99999999999},"default":{"type":"string"},"defaultfor":{"type":"string","pattern":"^(?:not-found|timeout|unsupported)(?:,(?:not-found|timeout|unsupported)){0,2}$"},"p":{"type":"string","pattern":"^[A-Za-z0-9_-]{1,40}$"}}};
const func1 = Object.prototype.hasOwnProperty;
const pattern4 = new RegExp("^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$", "u");
const pattern6 = new RegExp("^[1-9][0-9]{0,3}(?:\\.[0-9]{1,3})?:[1-9][0-9]{0,3}(?:\\.[0-9]{1,3})?$", "u");
const pattern7 = new RegExp("^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$|^0%$", "u");
const pattern11 = new RegExp("^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$", "u");
const pattern14 = new RegExp("^(?:10(?:\\.0+)?|[0-9](?:\\.[0-9]+)?)(?:,(?:10(?:\\.0+)?|[0-9](?:\\.[0-9]+)?)(?:,-?[0-9]{1,3})?)?$", "u");
const pattern20 = new RegExp("^max$", "u");
const pattern21 = new RegExp("^[A-Za-z0-9._-]{1,78}$", "u");
const pattern22 = new RegExp("^[1-9][0-9]{0,8}[smhdwMy]$", "u");
const pattern23 = new RegExp("^[\\s\\S]{1,64}$", "u");
const pattern24 = new RegExp("^[A-Za-z0-9_-]{43}$", "u");
const pattern25 = new RegExp("^(?:not-found|timeout|unsupported)(?:,(?:not-found|timeout|unsupported)){0,2}$", "u");
const pattern26 = new RegExp("^[A-Za-z0-9_-]{1,40}$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate20.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
const _errs1 = errors;
let valid0 = false;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.w === undefined){
const err0 = {instancePath,schemaPath:"#/anyOf/0/required",keyword:"required",params:{missingProperty: "w"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.h === undefined){
const err1 = {instancePath,schemaPath:"#/anyOf/1/required",keyword:"required",params:{missingProperty: "h"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
var _valid0 = _errs3 === errors;
valid0 = valid0 || _valid0;
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.f === undefined){
const err2 = {instancePath,schemaPath:"#/anyOf/2/required",keyword:"required",params:{missingProperty: "f"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
if(data.f !== undefined){
let data0 = data.f;
if(!(((((data0 === "json") || (data0 === "blurhash")) || (data0 === "thumbhash")) || (data0 === "lqip")) || (data0 === "color"))){
const err3 = {instancePath:instancePath+"/f",schemaPath:"#/anyOf/2/properties/f/enum",keyword:"enum",params:{allowedValues: schema31.anyOf[2].properties.f.enum}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
}
var _valid0 = _errs4 === errors;
valid0 = valid0 || _valid0;
if(_valid0){
var props0 = {};
props0.f = true;
}
const _errs6 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.cw === undefined){
const err4 = {instancePath,schemaPath:"#/anyOf/3/required",keyword:"required",params:{missingProperty: "cw"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
var _valid0 = _errs6 === errors;
valid0 = valid0 || _valid0;
const _errs7 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.ch === undefined){
const err5 = {instancePath,schemaPath:"#/anyOf/4/required",keyword:"required",params:{missingProperty: "ch"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
var _valid0 = _errs7 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const err6 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
else {
errors = _errs1;
if(vErrors !== null){
if(_errs1){
vErrors.length = _errs1;
}
else {
vErrors = null;
}
}
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.we === undefined){
data.we = false;
}
if(data.dpr === undefined){
data.dpr = 1;
}
if(data.a === undefined){
data.a = "center";
}
if(data.precrop === undefined){
data.precrop = false;
}
if(data.ro === undefined){
data.ro = 0;
}
if(data.flip === undefined){
data.flip = false;
}
if(data.flop === undefined){
data.flop = false;
}
if(data.mtrim === undefined){
data.mtrim = false;
}
if(data.f === undefined){
data.f = "auto";
}
if(data.q === undefined){
data.q = 80;
}
if(data.ll === undefined){
data.ll = false;
}
if(data.il === undefined){
data.il = false;
}
if(data.af === undefined){
data.af = false;
}
if(data.n === undefined){
data.n = -1;
}
if(data.hdr === undefined){
data.hdr = "sdr";
}
if(data.meta === undefined){
data.meta = "none";
}
if(data.dl === undefined){
data.dl = false;
}
if(data.explain === undefined){
data.explain = false;
}
if(data.u === undefined){
const err7 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "u"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
for(const key0 in data){
if(!(func1.call(schema31.properties, key0))){
const err8 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data.k !== undefined){
if(typeof data.k !== "string"){
const err9 = {instancePath:instancePath+"/k",schemaPath:"#/properties/k/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.w !== undefined){
let data2 = data.w;
if((!(((typeof data2 == "number") && (!(data2 % 1) && !isNaN(data2))) && (isFinite(data2)))) && (typeof data2 !== "string")){
const err10 = {instancePath:instancePath+"/w",schemaPath:"#/properties/w/type",keyword:"type",params:{type: schema31.properties.w.type}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
if((typeof data2 == "number") && (isFinite(data2))){
if(data2 > 8192 || isNaN(data2)){
const err11 = {instancePath:instancePath+"/w",schemaPath:"#/properties/w/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8192}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if(data2 < 1 || isNaN(data2)){
const err12 = {instancePath:instancePath+"/w",schemaPath:"#/properties/w/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(typeof data2 === "string"){
if(!pattern4.test(data2)){
const err13 = {instancePath:instancePath+"/w",schemaPath:"#/properties/w/pattern",keyword:"pattern",params:{pattern: "^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
}
if(data.u !== undefined){
if(typeof data.u !== "string"){
const err14 = {instancePath:instancePath+"/u",schemaPath:"#/properties/u/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(data.h !== undefined){
let data4 = data.h;
if((!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))) && (typeof data4 !== "string")){
const err15 = {instancePath:instancePath+"/h",schemaPath:"#/properties/h/type",keyword:"type",params:{type: schema31.properties.h.type}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 8192 || isNaN(data4)){
const err16 = {instancePath:instancePath+"/h",schemaPath:"#/properties/h/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8192}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data4 < 1 || isNaN(data4)){
const err17 = {instancePath:instancePath+"/h",schemaPath:"#/properties/h/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
if(typeof data4 === "string"){
if(!pattern4.test(data4)){
const err18 = {instancePath:instancePath+"/h",schemaPath:"#/properties/h/pattern",keyword:"pattern",params:{pattern: "^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
if(data.ar !== undefined){
let data5 = data.ar;
if(typeof data5 === "string"){
if(!pattern6.test(data5)){
const err19 = {instancePath:instancePath+"/ar",schemaPath:"#/properties/ar/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,3}(?:\\.[0-9]{1,3})?:[1-9][0-9]{0,3}(?:\\.[0-9]{1,3})?$"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
}
else {
const err20 = {instancePath:instancePath+"/ar",schemaPath:"#/properties/ar/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.fit !== undefined){
let data6 = data.fit;
if(typeof data6 !== "string"){
const err21 = {instancePath:instancePath+"/fit",schemaPath:"#/properties/fit/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if(!(((((data6 === "inside") || (data6 === "outside")) || (data6 === "cover")) || (data6 === "contain")) || (data6 === "fill"))){
const err22 = {instancePath:instancePath+"/fit",schemaPath:"#/properties/fit/enum",keyword:"enum",params:{allowedValues: schema31.properties.fit.enum}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(typeof data.we !== "boolean"){
const err23 = {instancePath:instancePath+"/we",schemaPath:"#/properties/we/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
let data8 = data.dpr;
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 > 8 || isNaN(data8)){
const err24 = {instancePath:instancePath+"/dpr",schemaPath:"#/properties/dpr/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data8 < 1 || isNaN(data8)){
const err25 = {instancePath:instancePath+"/dpr",schemaPath:"#/properties/dpr/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/dpr",schemaPath:"#/properties/dpr/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
let data9 = data.a;
if(typeof data9 !== "string"){
const err27 = {instancePath:instancePath+"/a",schemaPath:"#/properties/a/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(!((((((((((((data9 === "center") || (data9 === "top")) || (data9 === "right")) || (data9 === "bottom")) || (data9 === "left")) || (data9 === "top-left")) || (data9 === "top-right")) || (data9 === "bottom-left")) || (data9 === "bottom-right")) || (data9 === "entropy")) || (data9 === "attention")) || (data9 === "focal"))){
const err28 = {instancePath:instancePath+"/a",schemaPath:"#/properties/a/enum",keyword:"enum",params:{allowedValues: schema31.properties.a.enum}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(data.fpx !== undefined){
let data10 = data.fpx;
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 > 1 || isNaN(data10)){
const err29 = {instancePath:instancePath+"/fpx",schemaPath:"#/properties/fpx/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(data10 < 0 || isNaN(data10)){
const err30 = {instancePath:instancePath+"/fpx",schemaPath:"#/properties/fpx/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
else {
const err31 = {instancePath:instancePath+"/fpx",schemaPath:"#/properties/fpx/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data.fpy !== undefined){
let data11 = data.fpy;
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 > 1 || isNaN(data11)){
const err32 = {instancePath:instancePath+"/fpy",schemaPath:"#/properties/fpy/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(data11 < 0 || isNaN(data11)){
const err33 = {instancePath:instancePath+"/fpy",schemaPath:"#/properties/fpy/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
else {
const err34 = {instancePath:instancePath+"/fpy",schemaPath:"#/properties/fpy/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data.cx !== undefined){
let data12 = data.cx;
if((!(((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12))) && (isFinite(data12)))) && (typeof data12 !== "string")){
const err35 = {instancePath:instancePath+"/cx",schemaPath:"#/properties/cx/type",keyword:"type",params:{type: schema31.properties.cx.type}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if((typeof data12 == "number") && (isFinite(data12))){
if(data12 > 8192 || isNaN(data12)){
const err36 = {instancePath:instancePath+"/cx",schemaPath:"#/properties/cx/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8192}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if(data12 < 0 || isNaN(data12)){
const err37 = {instancePath:instancePath+"/cx",schemaPath:"#/properties/cx/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
if(typeof data12 === "string"){
if(!pattern7.test(data12)){
const err38 = {instancePath:instancePath+"/cx",schemaPath:"#/properties/cx/pattern",keyword:"pattern",params:{pattern: "^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$|^0%$"}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
}
if(data.cy !== undefined){
let data13 = data.cy;
if((!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))) && (typeof data13 !== "string")){
const err39 = {instancePath:instancePath+"/cy",schemaPath:"#/properties/cy/type",keyword:"type",params:{type: schema31.properties.cy.type}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 > 8192 || isNaN(data13)){
const err40 = {instancePath:instancePath+"/cy",schemaPath:"#/properties/cy/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8192}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(data13 < 0 || isNaN(data13)){
const err41 = {instancePath:instancePath+"/cy",schemaPath:"#/properties/cy/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
if(typeof data13 === "string"){
if(!pattern7.test(data13)){
const err42 = {instancePath:instancePath+"/cy",schemaPath:"#/properties/cy/pattern",keyword:"pattern",params:{pattern: "^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$|^0%$"}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
if(data.cw !== undefined){
let data14 = data.cw;
if((!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))) && (typeof data14 !== "string")){
const err43 = {instancePath:instancePath+"/cw",schemaPath:"#/properties/cw/type",keyword:"type",params:{type: schema31.properties.cw.type}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 > 8192 || isNaN(data14)){
const err44 = {instancePath:instancePath+"/cw",schemaPath:"#/properties/cw/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8192}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data14 < 1 || isNaN(data14)){
const err45 = {instancePath:instancePath+"/cw",schemaPath:"#/properties/cw/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
if(typeof data14 === "string"){
if(!pattern4.test(data14)){
const err46 = {instancePath:instancePath+"/cw",schemaPath:"#/properties/cw/pattern",keyword:"pattern",params:{pattern: "^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$"}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
}
if(data.ch !== undefined){
let data15 = data.ch;
if((!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))) && (typeof data15 !== "string")){
const err47 = {instancePath:instancePath+"/ch",schemaPath:"#/properties/ch/type",keyword:"type",params:{type: schema31.properties.ch.type}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 > 8192 || isNaN(data15)){
const err48 = {instancePath:instancePath+"/ch",schemaPath:"#/properties/ch/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8192}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if(data15 < 1 || isNaN(data15)){
const err49 = {instancePath:instancePath+"/ch",schemaPath:"#/properties/ch/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
}
if(typeof data15 === "string"){
if(!pattern4.test(data15)){
const err50 = {instancePath:instancePath+"/ch",schemaPath:"#/properties/ch/pattern",keyword:"pattern",params:{pattern: "^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$"}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
}
if(typeof data.precrop !== "boolean"){
const err51 = {instancePath:instancePath+"/precrop",schemaPath:"#/properties/precrop/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if(data.trim !== undefined){
let data17 = data.trim;
if(!(((typeof data17 == "number") && (!(data17 % 1) && !isNaN(data17))) && (isFinite(data17)))){
const err52 = {instancePath:instancePath+"/trim",schemaPath:"#/properties/trim/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if((typeof data17 == "number") && (isFinite(data17))){
if(data17 > 254 || isNaN(data17)){
const err53 = {instancePath:instancePath+"/trim",schemaPath:"#/properties/trim/maximum",keyword:"maximum",params:{comparison: "<=", limit: 254}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if(data17 < 1 || isNaN(data17)){
const err54 = {instancePath:instancePath+"/trim",schemaPath:"#/properties/trim/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
}
if(data.tbg !== undefined){
let data18 = data.tbg;
if(typeof data18 === "string"){
if(!pattern11.test(data18)){
const err55 = {instancePath:instancePath+"/tbg",schemaPath:"#/properties/tbg/pattern",keyword:"pattern",params:{pattern: "^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
}
else {
const err56 = {instancePath:instancePath+"/tbg",schemaPath:"#/properties/tbg/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
}
if(data.cbg !== undefined){
let data19 = data.cbg;
if(typeof data19 === "string"){
if(!pattern11.test(data19)){
const err57 = {instancePath:instancePath+"/cbg",schemaPath:"#/properties/cbg/pattern",keyword:"pattern",params:{pattern: "^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
else {
const err58 = {instancePath:instancePath+"/cbg",schemaPath:"#/properties/cbg/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
let data20 = data.ro;
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 > 3600 || isNaN(data20)){
const err59 = {instancePath:instancePath+"/ro",schemaPath:"#/properties/ro/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
if(data20 < -3600 || isNaN(data20)){
const err60 = {instancePath:instancePath+"/ro",schemaPath:"#/properties/ro/minimum",keyword:"minimum",params:{comparison: ">=", limit: -3600}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
else {
const err61 = {instancePath:instancePath+"/ro",schemaPath:"#/properties/ro/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if(data.rbg !== undefined){
let data21 = data.rbg;
if(typeof data21 === "string"){
if(!pattern11.test(data21)){
const err62 = {instancePath:instancePath+"/rbg",schemaPath:"#/properties/rbg/pattern",keyword:"pattern",params:{pattern: "^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
}
else {
const err63 = {instancePath:instancePath+"/rbg",schemaPath:"#/properties/rbg/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
if(typeof data.flip !== "boolean"){
const err64 = {instancePath:instancePath+"/flip",schemaPath:"#/properties/flip/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
if(typeof data.flop !== "boolean"){
const err65 = {instancePath:instancePath+"/flop",schemaPath:"#/properties/flop/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
if(data.mod !== undefined){
let data24 = data.mod;
if(typeof data24 === "string"){
if(!pattern14.test(data24)){
const err66 = {instancePath:instancePath+"/mod",schemaPath:"#/properties/mod/pattern",keyword:"pattern",params:{pattern: "^(?:10(?:\\.0+)?|[0-9](?:\\.[0-9]+)?)(?:,(?:10(?:\\.0+)?|[0-9](?:\\.[0-9]+)?)(?:,-?[0-9]{1,3})?)?$"}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
else {
const err67 = {instancePath:instancePath+"/mod",schemaPath:"#/properties/mod/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
}
if(data.sat !== undefined){
let data25 = data.sat;
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 > 10 || isNaN(data25)){
const err68 = {instancePath:instancePath+"/sat",schemaPath:"#/properties/sat/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(data25 < 0 || isNaN(data25)){
const err69 = {instancePath:instancePath+"/sat",schemaPath:"#/properties/sat/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
else {
const err70 = {instancePath:instancePath+"/sat",schemaPath:"#/properties/sat/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
if(data.hue !== undefined){
let data26 = data.hue;
if(!(((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26))) && (isFinite(data26)))){
const err71 = {instancePath:instancePath+"/hue",schemaPath:"#/properties/hue/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
if((typeof data26 == "number") && (isFinite(data26))){
if(data26 > 3600 || isNaN(data26)){
const err72 = {instancePath:instancePath+"/hue",schemaPath:"#/properties/hue/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3600}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if(data26 < -3600 || isNaN(data26)){
const err73 = {instancePath:instancePath+"/hue",schemaPath:"#/properties/hue/minimum",keyword:"minimum",params:{comparison: ">=", limit: -3600}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
}
}
if(data.con !== undefined){
let data27 = data.con;
if(!(((typeof data27 == "number") && (!(data27 % 1) && !isNaN(data27))) && (isFinite(data27)))){
const err74 = {instancePath:instancePath+"/con",schemaPath:"#/properties/con/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
if((typeof data27 == "number") && (isFinite(data27))){
if(data27 > 100 || isNaN(data27)){
const err75 = {instancePath:instancePath+"/con",schemaPath:"#/properties/con/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
if(data27 < -100 || isNaN(data27)){
const err76 = {instancePath:instancePath+"/con",schemaPath:"#/properties/con/minimum",keyword:"minimum",params:{comparison: ">=", limit: -100}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
}
}
if(data.gam !== undefined){
let data28 = data.gam;
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 > 3 || isNaN(data28)){
const err77 = {instancePath:instancePath+"/gam",schemaPath:"#/properties/gam/maximum",keyword:"maximum",params:{comparison: "<=", limit: 3}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
if(data28 < 1 || isNaN(data28)){
const err78 = {instancePath:instancePath+"/gam",schemaPath:"#/properties/gam/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
}
else {
const err79 = {instancePath:instancePath+"/gam",schemaPath:"#/properties/gam/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
}
if(data.sharp !== undefined){
let data29 = data.sharp;
if((typeof data29 == "number") && (isFinite(data29))){
if(data29 > 10 || isNaN(data29)){
const err80 = {instancePath:instancePath+"/sharp",schemaPath:"#/properties/sharp/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
if(data29 < 0.000001 || isNaN(data29)){
const err81 = {instancePath:instancePath+"/sharp",schemaPath:"#/properties/sharp/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0.000001}};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
}
else {
const err82 = {instancePath:instancePath+"/sharp",schemaPath:"#/properties/sharp/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
}
if(data.sharpf !== undefined){
let data30 = data.sharpf;
if((typeof data30 == "number") && (isFinite(data30))){
if(data30 > 10000 || isNaN(data30)){
const err83 = {instancePath:instancePath+"/sharpf",schemaPath:"#/properties/sharpf/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
if(data30 < 0 || isNaN(data30)){
const err84 = {instancePath:instancePath+"/sharpf",schemaPath:"#/properties/sharpf/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
}
else {
const err85 = {instancePath:instancePath+"/sharpf",schemaPath:"#/properties/sharpf/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
}
if(data.sharpj !== undefined){
let data31 = data.sharpj;
if((typeof data31 == "number") && (isFinite(data31))){
if(data31 > 10000 || isNaN(data31)){
const err86 = {instancePath:instancePath+"/sharpj",schemaPath:"#/properties/sharpj/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
if(data31 < 0 || isNaN(data31)){
const err87 = {instancePath:instancePath+"/sharpj",schemaPath:"#/properties/sharpj/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
}
else {
const err88 = {instancePath:instancePath+"/sharpj",schemaPath:"#/properties/sharpj/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
}
if(data.filt !== undefined){
let data32 = data.filt;
if(typeof data32 !== "string"){
const err89 = {instancePath:instancePath+"/filt",schemaPath:"#/properties/filt/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
if(!((((data32 === "greyscale") || (data32 === "sepia")) || (data32 === "duotone")) || (data32 === "negate"))){
const err90 = {instancePath:instancePath+"/filt",schemaPath:"#/properties/filt/enum",keyword:"enum",params:{allowedValues: schema31.properties.filt.enum}};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
}
if(data.start !== undefined){
let data33 = data.start;
if(typeof data33 === "string"){
if(!pattern11.test(data33)){
const err91 = {instancePath:instancePath+"/start",schemaPath:"#/properties/start/pattern",keyword:"pattern",params:{pattern: "^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
}
else {
const err92 = {instancePath:instancePath+"/start",schemaPath:"#/properties/start/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
if(data.stop !== undefined){
let data34 = data.stop;
if(typeof data34 === "string"){
if(!pattern11.test(data34)){
const err93 = {instancePath:instancePath+"/stop",schemaPath:"#/properties/stop/pattern",keyword:"pattern",params:{pattern: "^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
}
else {
const err94 = {instancePath:instancePath+"/stop",schemaPath:"#/properties/stop/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
}
if(data.blur !== undefined){
let data35 = data.blur;
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 > 1000 || isNaN(data35)){
const err95 = {instancePath:instancePath+"/blur",schemaPath:"#/properties/blur/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000}};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
if(data35 < 0.3 || isNaN(data35)){
const err96 = {instancePath:instancePath+"/blur",schemaPath:"#/properties/blur/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0.3}};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
}
else {
const err97 = {instancePath:instancePath+"/blur",schemaPath:"#/properties/blur/type",keyword:"type",params:{type: "number"}};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
}
if(data.tint !== undefined){
let data36 = data.tint;
if(typeof data36 === "string"){
if(!pattern11.test(data36)){
const err98 = {instancePath:instancePath+"/tint",schemaPath:"#/properties/tint/pattern",keyword:"pattern",params:{pattern: "^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
else {
const err99 = {instancePath:instancePath+"/tint",schemaPath:"#/properties/tint/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
}
if(data.bg !== undefined){
let data37 = data.bg;
if(typeof data37 === "string"){
if(!pattern11.test(data37)){
const err100 = {instancePath:instancePath+"/bg",schemaPath:"#/properties/bg/pattern",keyword:"pattern",params:{pattern: "^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
}
else {
const err101 = {instancePath:instancePath+"/bg",schemaPath:"#/properties/bg/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
if(data.mask !== undefined){
let data38 = data.mask;
if(typeof data38 !== "string"){
const err102 = {instancePath:instancePath+"/mask",schemaPath:"#/properties/mask/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if(!((((((((((data38 === "circle") || (data38 === "ellipse")) || (data38 === "triangle")) || (data38 === "triangle-180")) || (data38 === "pentagon")) || (data38 === "pentagon-180")) || (data38 === "hexagon")) || (data38 === "square")) || (data38 === "star")) || (data38 === "heart"))){
const err103 = {instancePath:instancePath+"/mask",schemaPath:"#/properties/mask/enum",keyword:"enum",params:{allowedValues: schema31.properties.mask.enum}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
}
if(data.mbg !== undefined){
let data39 = data.mbg;
if(typeof data39 === "string"){
if(!pattern11.test(data39)){
const err104 = {instancePath:instancePath+"/mbg",schemaPath:"#/properties/mbg/pattern",keyword:"pattern",params:{pattern: "^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$"}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
else {
const err105 = {instancePath:instancePath+"/mbg",schemaPath:"#/properties/mbg/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
if(typeof data.mtrim !== "boolean"){
const err106 = {instancePath:instancePath+"/mtrim",schemaPath:"#/properties/mtrim/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
if(data.r !== undefined){
let data41 = data.r;
if((!(((typeof data41 == "number") && (!(data41 % 1) && !isNaN(data41))) && (isFinite(data41)))) && (typeof data41 !== "string")){
const err107 = {instancePath:instancePath+"/r",schemaPath:"#/properties/r/type",keyword:"type",params:{type: schema31.properties.r.type}};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if((typeof data41 == "number") && (isFinite(data41))){
if(data41 > 8192 || isNaN(data41)){
const err108 = {instancePath:instancePath+"/r",schemaPath:"#/properties/r/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8192}};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
if(data41 < 1 || isNaN(data41)){
const err109 = {instancePath:instancePath+"/r",schemaPath:"#/properties/r/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
if(typeof data41 === "string"){
if(!pattern20.test(data41)){
const err110 = {instancePath:instancePath+"/r",schemaPath:"#/properties/r/pattern",keyword:"pattern",params:{pattern: "^max$"}};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
}
let data42 = data.f;
if(typeof data42 !== "string"){
const err111 = {instancePath:instancePath+"/f",schemaPath:"#/properties/f/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
if(!((((((((((((data42 === "auto") || (data42 === "jpg")) || (data42 === "png")) || (data42 === "webp")) || (data42 === "avif")) || (data42 === "gif")) || (data42 === "tiff")) || (data42 === "json")) || (data42 === "blurhash")) || (data42 === "thumbhash")) || (data42 === "lqip")) || (data42 === "color"))){
const err112 = {instancePath:instancePath+"/f",schemaPath:"#/properties/f/enum",keyword:"enum",params:{allowedValues: schema31.properties.f.enum}};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
let data43 = data.q;
if(!(((typeof data43 == "number") && (!(data43 % 1) && !isNaN(data43))) && (isFinite(data43)))){
const err113 = {instancePath:instancePath+"/q",schemaPath:"#/properties/q/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
if((typeof data43 == "number") && (isFinite(data43))){
if(data43 > 100 || isNaN(data43)){
const err114 = {instancePath:instancePath+"/q",schemaPath:"#/properties/q/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100}};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
if(data43 < 1 || isNaN(data43)){
const err115 = {instancePath:instancePath+"/q",schemaPath:"#/properties/q/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
}
if(data.mb !== undefined){
let data44 = data.mb;
if(!(((typeof data44 == "number") && (!(data44 % 1) && !isNaN(data44))) && (isFinite(data44)))){
const err116 = {instancePath:instancePath+"/mb",schemaPath:"#/properties/mb/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if((typeof data44 == "number") && (isFinite(data44))){
if(data44 > 10000000 || isNaN(data44)){
const err117 = {instancePath:instancePath+"/mb",schemaPath:"#/properties/mb/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000000}};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
if(data44 < 1000 || isNaN(data44)){
const err118 = {instancePath:instancePath+"/mb",schemaPath:"#/properties/mb/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1000}};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
}
if(typeof data.ll !== "boolean"){
const err119 = {instancePath:instancePath+"/ll",schemaPath:"#/properties/ll/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
if(typeof data.il !== "boolean"){
const err120 = {instancePath:instancePath+"/il",schemaPath:"#/properties/il/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
if(data.l !== undefined){
let data47 = data.l;
if(!(((typeof data47 == "number") && (!(data47 % 1) && !isNaN(data47))) && (isFinite(data47)))){
const err121 = {instancePath:instancePath+"/l",schemaPath:"#/properties/l/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
if((typeof data47 == "number") && (isFinite(data47))){
if(data47 > 9 || isNaN(data47)){
const err122 = {instancePath:instancePath+"/l",schemaPath:"#/properties/l/maximum",keyword:"maximum",params:{comparison: "<=", limit: 9}};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
if(data47 < 0 || isNaN(data47)){
const err123 = {instancePath:instancePath+"/l",schemaPath:"#/properties/l/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
}
if(typeof data.af !== "boolean"){
const err124 = {instancePath:instancePath+"/af",schemaPath:"#/properties/af/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
let data49 = data.n;
if(!(((typeof data49 == "number") && (!(data49 % 1) && !isNaN(data49))) && (isFinite(data49)))){
const err125 = {instancePath:instancePath+"/n",schemaPath:"#/properties/n/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
const _errs107 = errors;
const _errs108 = errors;
if(0 !== data49){
const err126 = {};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
var valid3 = _errs108 === errors;
if(valid3){
const err127 = {instancePath:instancePath+"/n",schemaPath:"#/properties/n/not",keyword:"not",params:{}};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
else {
errors = _errs107;
if(vErrors !== null){
if(_errs107){
vErrors.length = _errs107;
}
else {
vErrors = null;
}
}
}
if((typeof data49 == "number") && (isFinite(data49))){
if(data49 > 10000 || isNaN(data49)){
const err128 = {instancePath:instancePath+"/n",schemaPath:"#/properties/n/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000}};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
if(data49 < -1 || isNaN(data49)){
const err129 = {instancePath:instancePath+"/n",schemaPath:"#/properties/n/minimum",keyword:"minimum",params:{comparison: ">=", limit: -1}};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
if(data.page !== undefined){
let data50 = data.page;
if(!(((typeof data50 == "number") && (!(data50 % 1) && !isNaN(data50))) && (isFinite(data50)))){
const err130 = {instancePath:instancePath+"/page",schemaPath:"#/properties/page/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
if((typeof data50 == "number") && (isFinite(data50))){
if(data50 > 100000 || isNaN(data50)){
const err131 = {instancePath:instancePath+"/page",schemaPath:"#/properties/page/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100000}};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
if(data50 < -2 || isNaN(data50)){
const err132 = {instancePath:instancePath+"/page",schemaPath:"#/properties/page/minimum",keyword:"minimum",params:{comparison: ">=", limit: -2}};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
}
if(data.loop !== undefined){
let data51 = data.loop;
if(!(((typeof data51 == "number") && (!(data51 % 1) && !isNaN(data51))) && (isFinite(data51)))){
const err133 = {instancePath:instancePath+"/loop",schemaPath:"#/properties/loop/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
if((typeof data51 == "number") && (isFinite(data51))){
if(data51 > 65535 || isNaN(data51)){
const err134 = {instancePath:instancePath+"/loop",schemaPath:"#/properties/loop/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535}};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
if(data51 < 0 || isNaN(data51)){
const err135 = {instancePath:instancePath+"/loop",schemaPath:"#/properties/loop/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
}
if(data.delay !== undefined){
let data52 = data.delay;
if(!(((typeof data52 == "number") && (!(data52 % 1) && !isNaN(data52))) && (isFinite(data52)))){
const err136 = {instancePath:instancePath+"/delay",schemaPath:"#/properties/delay/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
if((typeof data52 == "number") && (isFinite(data52))){
if(data52 > 65535 || isNaN(data52)){
const err137 = {instancePath:instancePath+"/delay",schemaPath:"#/properties/delay/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535}};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
if(data52 < 20 || isNaN(data52)){
const err138 = {instancePath:instancePath+"/delay",schemaPath:"#/properties/delay/minimum",keyword:"minimum",params:{comparison: ">=", limit: 20}};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
}
let data53 = data.hdr;
if(typeof data53 !== "string"){
const err139 = {instancePath:instancePath+"/hdr",schemaPath:"#/properties/hdr/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
if(!((data53 === "sdr") || (data53 === "keep"))){
const err140 = {instancePath:instancePath+"/hdr",schemaPath:"#/properties/hdr/enum",keyword:"enum",params:{allowedValues: schema31.properties.hdr.enum}};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
let data54 = data.meta;
if(typeof data54 !== "string"){
const err141 = {instancePath:instancePath+"/meta",schemaPath:"#/properties/meta/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
if(!(((data54 === "none") || (data54 === "copyright")) || (data54 === "keep"))){
const err142 = {instancePath:instancePath+"/meta",schemaPath:"#/properties/meta/enum",keyword:"enum",params:{allowedValues: schema31.properties.meta.enum}};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
if(data.encoding !== undefined){
let data55 = data.encoding;
if(typeof data55 !== "string"){
const err143 = {instancePath:instancePath+"/encoding",schemaPath:"#/properties/encoding/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
if(!(data55 === "base64")){
const err144 = {instancePath:instancePath+"/encoding",schemaPath:"#/properties/encoding/enum",keyword:"enum",params:{allowedValues: schema31.properties.encoding.enum}};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
if(data.filename !== undefined){
let data56 = data.filename;
if(typeof data56 === "string"){
if(!pattern21.test(data56)){
const err145 = {instancePath:instancePath+"/filename",schemaPath:"#/properties/filename/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9._-]{1,78}$"}};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
}
else {
const err146 = {instancePath:instancePath+"/filename",schemaPath:"#/properties/filename/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
}
if(typeof data.dl !== "boolean"){
const err147 = {instancePath:instancePath+"/dl",schemaPath:"#/properties/dl/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
if(typeof data.explain !== "boolean"){
const err148 = {instancePath:instancePath+"/explain",schemaPath:"#/properties/explain/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
if(data.maxage !== undefined){
let data59 = data.maxage;
if(typeof data59 === "string"){
if(!pattern22.test(data59)){
const err149 = {instancePath:instancePath+"/maxage",schemaPath:"#/properties/maxage/pattern",keyword:"pattern",params:{pattern: "^[1-9][0-9]{0,8}[smhdwMy]$"}};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
}
else {
const err150 = {instancePath:instancePath+"/maxage",schemaPath:"#/properties/maxage/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err150];
}
else {
vErrors.push(err150);
}
errors++;
}
}
if(data.v !== undefined){
let data60 = data.v;
if(typeof data60 === "string"){
if(!pattern23.test(data60)){
const err151 = {instancePath:instancePath+"/v",schemaPath:"#/properties/v/pattern",keyword:"pattern",params:{pattern: "^[\\s\\S]{1,64}$"}};
if(vErrors === null){
vErrors = [err151];
}
else {
vErrors.push(err151);
}
errors++;
}
}
else {
const err152 = {instancePath:instancePath+"/v",schemaPath:"#/properties/v/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err152];
}
else {
vErrors.push(err152);
}
errors++;
}
}
if(data.s !== undefined){
let data61 = data.s;
if(typeof data61 === "string"){
if(!pattern24.test(data61)){
const err153 = {instancePath:instancePath+"/s",schemaPath:"#/properties/s/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]{43}$"}};
if(vErrors === null){
vErrors = [err153];
}
else {
vErrors.push(err153);
}
errors++;
}
}
else {
const err154 = {instancePath:instancePath+"/s",schemaPath:"#/properties/s/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err154];
}
else {
vErrors.push(err154);
}
errors++;
}
}
if(data.exp !== undefined){
let data62 = data.exp;
if(!(((typeof data62 == "number") && (!(data62 % 1) && !isNaN(data62))) && (isFinite(data62)))){
const err155 = {instancePath:instancePath+"/exp",schemaPath:"#/properties/exp/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err155];
}
else {
vErrors.push(err155);
}
errors++;
}
if((typeof data62 == "number") && (isFinite(data62))){
if(data62 > 99999999999 || isNaN(data62)){
const err156 = {instancePath:instancePath+"/exp",schemaPath:"#/properties/exp/maximum",keyword:"maximum",params:{comparison: "<=", limit: 99999999999}};
if(vErrors === null){
vErrors = [err156];
}
else {
vErrors.push(err156);
}
errors++;
}
if(data62 < 1 || isNaN(data62)){
const err157 = {instancePath:instancePath+"/exp",schemaPath:"#/properties/exp/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err157];
}
else {
vErrors.push(err157);
}
errors++;
}
}
}
if(data.default !== undefined){
if(typeof data.default !== "string"){
const err158 = {instancePath:instancePath+"/default",schemaPath:"#/properties/default/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err158];
}
else {
vErrors.push(err158);
}
errors++;
}
}
if(data.defaultfor !== undefined){
let data64 = data.defaultfor;
if(typeof data64 === "string"){
if(!pattern25.test(data64)){
const err159 = {instancePath:instancePath+"/defaultfor",schemaPath:"#/properties/defaultfor/pattern",keyword:"pattern",params:{pattern: "^(?:not-found|timeout|unsupported)(?:,(?:not-found|timeout|unsupported)){0,2}$"}};
if(vErrors === null){
vErrors = [err159];
}
else {
vErrors.push(err159);
}
errors++;
}
}
else {
const err160 = {instancePath:instancePath+"/defaultfor",schemaPath:"#/properties/defaultfor/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err160];
}
else {
vErrors.push(err160);
}
errors++;
}
}
if(data.p !== undefined){
let data65 = data.p;
if(typeof data65 === "string"){
if(!pattern26.test(data65)){
const err161 = {instancePath:instancePath+"/p",schemaPath:"#/properties/p/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]{1,40}$"}};
if(vErrors === null){
vErrors = [err161];
}
else {
vErrors.push(err161);
}
errors++;
}
}
else {
const err162 = {instancePath:instancePath+"/p",schemaPath:"#/properties/p/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err162];
}
else {
vErrors.push(err162);
}
errors++;
}
}
}
else {
const err163 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err163];
}
else {
vErrors.push(err163);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const config = validate21;
const schema32 = {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"API_KEYS":{"type":"string"},"API_KEYS_FILE":{"type":"string"},"API_KEYS_SSM":{"type":"string"},"API_KEYS_SECRET":{"type":"string"},"API_KEYS_REFRESH":{"type":"integer","minimum":1,"maximum":86400,"default":300},"ALLOW_ANONYMOUS":{"type":"string","enum":["on","off"],"default":"off"},"SOURCE_ALLOWED_NETWORKS":{"type":"array","items":{"type":"string","pattern":"^[0-9A-Fa-f:.]+/[0-9]{1,3}$"},"default":[]},"SOURCE_ALLOWED_HOSTS":{"type":"array","items":{"type":"string"},"default":[]},"SOURCE_ALLOWED_BUCKETS":{"type":"array","items":{"type":"string","pattern":"^[a-z0-9][^,]+$"},"default":[]},"SOURCE_BASES":{"type":"array","items":{"type":"string","pattern":"^[a-z][a-z0-9-]{1,31}=[^,]+$"},"default":[]},"SOURCE_HEADERS":{"type":"string"},"SOURCE_HEADERS_SSM":{"type":"string"},"SOURCE_HEADERS_SECRET":{"type":"string"},"SOURCE_S3_ENDPOINT":{"type":"string","pattern":"^https?://[^\\s]+$"},"SOURCE_S3_REGION":{"type":"string","pattern":"^[A-Za-z0-9-]{1,64}$"},"SOURCE_S3_PATH_STYLE":{"type":"string","enum":["on","off"],"default":"off"},"SOURCE_S3_REQUESTER_PAYS":{"type":"string","enum":["on","off"],"default":"off"},"SOURCE_S3_ACCESS_KEY_ID":{"type":"string"},"SOURCE_S3_SECRET_ACCESS_KEY":{"type":"string"},"SOURCE_SVG":{"type":"string","enum":["on","off"],"default":"on"},"SOURCE_HEIC":{"type":"string","enum":["on","off"],"default":"off"},"SOURCE_MAX_BYTES":{"type":"integer","minimum":1024,"maximum":536870912,"default":52428800},"SOURCE_MAX_PIXELS":{"type":"integer","minimum":1,"maximum":268402689,"default":50000000},"SOURCE_MAX_AVIF_PIXELS":{"type":"integer","minimum":1,"maximum":268402689,"default":16000000},"SOURCE_MAX_HEIC_PIXELS":{"type":"integer","minimum":1,"maximum":268402689,"default":25000000},"SOURCE_MAX_FRAMES":{"type":"integer","minimum":1,"maximum":10000,"default":100},"SOURCE_MAX_SCANS":{"type":"integer","minimum":1,"maximum":1000,"default":32},"SOURCE_MAX_REDIRECTS":{"type":"integer","minimum":0,"maximum":10,"default":3},"SOURCE_CONNECT_TIMEOUT":{"type":"integer","minimum":10,"maximum":60000,"default":3000},"SOURCE_IDLE_TIMEOUT":{"type":"integer","minimum":10,"maximum":60000,"default":5000},"SOURCE_TIMEOUT":{"type":"integer","minimum":10,"maximum":900000,"default":10000},"SVG_TIMEOUT":{"type":"integer","minimum":100,"maximum":60000,"default":5000},"FONTS":{"type":"string","pattern":"."},"HEIC_TIMEOUT":{"type":"integer","minimum":100,"maximum":60000,"default":10000},"RESULT_MAX_SIDE":{"type":"integer","minimum":1,"maximum":16383,"default":8192},"RESULT_MAX_PIXELS":{"type":"integer","minimum":1,"maximum":268402689,"default":25000000},"RESULT_DEFAULT_AGE":{"type":"integer","minimum":0,"maximum":31536000,"default":86400},"RESULT_MIN_AGE":{"type":"integer","minimum":0,"maximum":31536000,"default":0},"RESULT_MAX_AGE":{"type":"integer","minimum":0,"maximum":31536000,"default":31536000},"RESULT_STALE_WHILE_REVALIDATE":{"type":"integer","minimum":0,"maximum":31536000,"default":86400},"RESULT_STALE_IF_ERROR":{"type":"integer","minimum":0,"maximum":31536000,"default":604800},"RESULT_MEMORY":{"type":"integer","minimum":0,"maximum":8589934592,"default":67108864},"SOURCE_MEMORY":{"type":"integer","minimum":0,"maximum":8589934592,"default":67108864},"MEMORY_MAX_AGE":{"type":"integer","minimum":0,"maximum":31536000,"default":300},"RESULT_BUCKET":{"type":"string","pattern":"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"},"FALLBACK_STATUS":{"type":"string","enum":["true","200"],"default":"true"},"STREAMING_URL":{"type":"string","pattern":"^https?://[^\\s]+$"},"AVIF_AUTO":{"type":"string","enum":["on","off"],"default":"off"},"PRESETS":{"type":"array","items":{"type":"string","pattern":"^[A-Za-z0-9_-]{1,40}=[^;]+$"},"default":[]},"PRESETS_ONLY":{"type":"string","enum":["on","off"],"default":"off"},"QUERY_IGNORED":{"type":"array","items":{"type":"string","pattern":"^[A-Za-z0-9_.-]+\\*?$"},"default":["utm_*","fbclid","gclid","msclkid","mc_eid","_"]},"OWN_HOSTS":{"type":"array","items":{"type":"string"},"default":[]},"VIEWER_HOST_HEADER":{"type":"string","pattern":"^[a-z][a-z0-9-]*$"},"EDGE_KEYS":{"type":"string","enum":["on","off"],"default":"off"},"MAX_REQUESTS":{"type":"integer","minimum":0,"maximum":10000,"default":0},"MAX_WORK_MEMORY":{"type":"integer","minimum":0,"maximum":68719476736,"default":0},"MAX_DECODES":{"type":"integer","minimum":0,"maximum":256,"default":0},"DEADLINE":{"type":"integer","minimum":1100,"maximum":900000,"default":28000},"LOG_LEVEL":{"type":"string","enum":["debug","info","warn","error"],"default":"info"},"SERVICE_NAME":{"type":"string","pattern":"^[A-Za-z0-9_.-]{1,128}$","default":"pixgate"},"METRICS_NAMESPACE":{"type":"string","pattern":"^[A-Za-z0-9_./#-]{1,255}$"},"HOST":{"type":"string","default":"127.0.0.1"},"PORT":{"type":"integer","minimum":0,"maximum":65535,"default":3000}}};
const pattern27 = new RegExp("^[0-9A-Fa-f:.]+/[0-9]{1,3}$", "u");
const pattern28 = new RegExp("^[a-z0-9][^,]+$", "u");
const pattern29 = new RegExp("^[a-z][a-z0-9-]{1,31}=[^,]+$", "u");
const pattern30 = new RegExp("^https?://[^\\s]+$", "u");
const pattern31 = new RegExp("^[A-Za-z0-9-]{1,64}$", "u");
const pattern32 = new RegExp(".", "u");
const pattern33 = new RegExp("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", "u");
const pattern35 = new RegExp("^[A-Za-z0-9_-]{1,40}=[^;]+$", "u");
const pattern36 = new RegExp("^[A-Za-z0-9_.-]+\\*?$", "u");
const pattern37 = new RegExp("^[a-z][a-z0-9-]*$", "u");
const pattern38 = new RegExp("^[A-Za-z0-9_.-]{1,128}$", "u");
const pattern39 = new RegExp("^[A-Za-z0-9_./#-]{1,255}$", "u");

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate21.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.API_KEYS_REFRESH === undefined){
data.API_KEYS_REFRESH = 300;
}
if(data.ALLOW_ANONYMOUS === undefined){
data.ALLOW_ANONYMOUS = "off";
}
if(data.SOURCE_ALLOWED_NETWORKS === undefined){
data.SOURCE_ALLOWED_NETWORKS = [];
}
if(data.SOURCE_ALLOWED_HOSTS === undefined){
data.SOURCE_ALLOWED_HOSTS = [];
}
if(data.SOURCE_ALLOWED_BUCKETS === undefined){
data.SOURCE_ALLOWED_BUCKETS = [];
}
if(data.SOURCE_BASES === undefined){
data.SOURCE_BASES = [];
}
if(data.SOURCE_S3_PATH_STYLE === undefined){
data.SOURCE_S3_PATH_STYLE = "off";
}
if(data.SOURCE_S3_REQUESTER_PAYS === undefined){
data.SOURCE_S3_REQUESTER_PAYS = "off";
}
if(data.SOURCE_SVG === undefined){
data.SOURCE_SVG = "on";
}
if(data.SOURCE_HEIC === undefined){
data.SOURCE_HEIC = "off";
}
if(data.SOURCE_MAX_BYTES === undefined){
data.SOURCE_MAX_BYTES = 52428800;
}
if(data.SOURCE_MAX_PIXELS === undefined){
data.SOURCE_MAX_PIXELS = 50000000;
}
if(data.SOURCE_MAX_AVIF_PIXELS === undefined){
data.SOURCE_MAX_AVIF_PIXELS = 16000000;
}
if(data.SOURCE_MAX_HEIC_PIXELS === undefined){
data.SOURCE_MAX_HEIC_PIXELS = 25000000;
}
if(data.SOURCE_MAX_FRAMES === undefined){
data.SOURCE_MAX_FRAMES = 100;
}
if(data.SOURCE_MAX_SCANS === undefined){
data.SOURCE_MAX_SCANS = 32;
}
if(data.SOURCE_MAX_REDIRECTS === undefined){
data.SOURCE_MAX_REDIRECTS = 3;
}
if(data.SOURCE_CONNECT_TIMEOUT === undefined){
data.SOURCE_CONNECT_TIMEOUT = 3000;
}
if(data.SOURCE_IDLE_TIMEOUT === undefined){
data.SOURCE_IDLE_TIMEOUT = 5000;
}
if(data.SOURCE_TIMEOUT === undefined){
data.SOURCE_TIMEOUT = 10000;
}
if(data.SVG_TIMEOUT === undefined){
data.SVG_TIMEOUT = 5000;
}
if(data.HEIC_TIMEOUT === undefined){
data.HEIC_TIMEOUT = 10000;
}
if(data.RESULT_MAX_SIDE === undefined){
data.RESULT_MAX_SIDE = 8192;
}
if(data.RESULT_MAX_PIXELS === undefined){
data.RESULT_MAX_PIXELS = 25000000;
}
if(data.RESULT_DEFAULT_AGE === undefined){
data.RESULT_DEFAULT_AGE = 86400;
}
if(data.RESULT_MIN_AGE === undefined){
data.RESULT_MIN_AGE = 0;
}
if(data.RESULT_MAX_AGE === undefined){
data.RESULT_MAX_AGE = 31536000;
}
if(data.RESULT_STALE_WHILE_REVALIDATE === undefined){
data.RESULT_STALE_WHILE_REVALIDATE = 86400;
}
if(data.RESULT_STALE_IF_ERROR === undefined){
data.RESULT_STALE_IF_ERROR = 604800;
}
if(data.RESULT_MEMORY === undefined){
data.RESULT_MEMORY = 67108864;
}
if(data.SOURCE_MEMORY === undefined){
data.SOURCE_MEMORY = 67108864;
}
if(data.MEMORY_MAX_AGE === undefined){
data.MEMORY_MAX_AGE = 300;
}
if(data.FALLBACK_STATUS === undefined){
data.FALLBACK_STATUS = "true";
}
if(data.AVIF_AUTO === undefined){
data.AVIF_AUTO = "off";
}
if(data.PRESETS === undefined){
data.PRESETS = [];
}
if(data.PRESETS_ONLY === undefined){
data.PRESETS_ONLY = "off";
}
if(data.QUERY_IGNORED === undefined){
data.QUERY_IGNORED = ["utm_*","fbclid","gclid","msclkid","mc_eid","_"];
}
if(data.OWN_HOSTS === undefined){
data.OWN_HOSTS = [];
}
if(data.EDGE_KEYS === undefined){
data.EDGE_KEYS = "off";
}
if(data.MAX_REQUESTS === undefined){
data.MAX_REQUESTS = 0;
}
if(data.MAX_WORK_MEMORY === undefined){
data.MAX_WORK_MEMORY = 0;
}
if(data.MAX_DECODES === undefined){
data.MAX_DECODES = 0;
}
if(data.DEADLINE === undefined){
data.DEADLINE = 28000;
}
if(data.LOG_LEVEL === undefined){
data.LOG_LEVEL = "info";
}
if(data.SERVICE_NAME === undefined){
data.SERVICE_NAME = "pixgate";
}
if(data.HOST === undefined){
data.HOST = "127.0.0.1";
}
if(data.PORT === undefined){
data.PORT = 3000;
}
if(data.API_KEYS !== undefined){
if(typeof data.API_KEYS !== "string"){
const err0 = {instancePath:instancePath+"/API_KEYS",schemaPath:"#/properties/API_KEYS/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
}
if(data.API_KEYS_FILE !== undefined){
if(typeof data.API_KEYS_FILE !== "string"){
const err1 = {instancePath:instancePath+"/API_KEYS_FILE",schemaPath:"#/properties/API_KEYS_FILE/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
}
if(data.API_KEYS_SSM !== undefined){
if(typeof data.API_KEYS_SSM !== "string"){
const err2 = {instancePath:instancePath+"/API_KEYS_SSM",schemaPath:"#/properties/API_KEYS_SSM/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data.API_KEYS_SECRET !== undefined){
if(typeof data.API_KEYS_SECRET !== "string"){
const err3 = {instancePath:instancePath+"/API_KEYS_SECRET",schemaPath:"#/properties/API_KEYS_SECRET/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
let data4 = data.API_KEYS_REFRESH;
if(!(((typeof data4 == "number") && (!(data4 % 1) && !isNaN(data4))) && (isFinite(data4)))){
const err4 = {instancePath:instancePath+"/API_KEYS_REFRESH",schemaPath:"#/properties/API_KEYS_REFRESH/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if((typeof data4 == "number") && (isFinite(data4))){
if(data4 > 86400 || isNaN(data4)){
const err5 = {instancePath:instancePath+"/API_KEYS_REFRESH",schemaPath:"#/properties/API_KEYS_REFRESH/maximum",keyword:"maximum",params:{comparison: "<=", limit: 86400}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data4 < 1 || isNaN(data4)){
const err6 = {instancePath:instancePath+"/API_KEYS_REFRESH",schemaPath:"#/properties/API_KEYS_REFRESH/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
let data5 = data.ALLOW_ANONYMOUS;
if(typeof data5 !== "string"){
const err7 = {instancePath:instancePath+"/ALLOW_ANONYMOUS",schemaPath:"#/properties/ALLOW_ANONYMOUS/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(!((data5 === "on") || (data5 === "off"))){
const err8 = {instancePath:instancePath+"/ALLOW_ANONYMOUS",schemaPath:"#/properties/ALLOW_ANONYMOUS/enum",keyword:"enum",params:{allowedValues: schema32.properties.ALLOW_ANONYMOUS.enum}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
let data6 = data.SOURCE_ALLOWED_NETWORKS;
if(Array.isArray(data6)){
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
if(typeof data7 === "string"){
if(!pattern27.test(data7)){
const err9 = {instancePath:instancePath+"/SOURCE_ALLOWED_NETWORKS/" + i0,schemaPath:"#/properties/SOURCE_ALLOWED_NETWORKS/items/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f:.]+/[0-9]{1,3}$"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/SOURCE_ALLOWED_NETWORKS/" + i0,schemaPath:"#/properties/SOURCE_ALLOWED_NETWORKS/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
}
else {
const err11 = {instancePath:instancePath+"/SOURCE_ALLOWED_NETWORKS",schemaPath:"#/properties/SOURCE_ALLOWED_NETWORKS/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
let data8 = data.SOURCE_ALLOWED_HOSTS;
if(Array.isArray(data8)){
const len1 = data8.length;
for(let i1=0; i1<len1; i1++){
if(typeof data8[i1] !== "string"){
const err12 = {instancePath:instancePath+"/SOURCE_ALLOWED_HOSTS/" + i1,schemaPath:"#/properties/SOURCE_ALLOWED_HOSTS/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
}
else {
const err13 = {instancePath:instancePath+"/SOURCE_ALLOWED_HOSTS",schemaPath:"#/properties/SOURCE_ALLOWED_HOSTS/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
let data10 = data.SOURCE_ALLOWED_BUCKETS;
if(Array.isArray(data10)){
const len2 = data10.length;
for(let i2=0; i2<len2; i2++){
let data11 = data10[i2];
if(typeof data11 === "string"){
if(!pattern28.test(data11)){
const err14 = {instancePath:instancePath+"/SOURCE_ALLOWED_BUCKETS/" + i2,schemaPath:"#/properties/SOURCE_ALLOWED_BUCKETS/items/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][^,]+$"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
else {
const err15 = {instancePath:instancePath+"/SOURCE_ALLOWED_BUCKETS/" + i2,schemaPath:"#/properties/SOURCE_ALLOWED_BUCKETS/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
}
}
else {
const err16 = {instancePath:instancePath+"/SOURCE_ALLOWED_BUCKETS",schemaPath:"#/properties/SOURCE_ALLOWED_BUCKETS/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
let data12 = data.SOURCE_BASES;
if(Array.isArray(data12)){
const len3 = data12.length;
for(let i3=0; i3<len3; i3++){
let data13 = data12[i3];
if(typeof data13 === "string"){
if(!pattern29.test(data13)){
const err17 = {instancePath:instancePath+"/SOURCE_BASES/" + i3,schemaPath:"#/properties/SOURCE_BASES/items/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]{1,31}=[^,]+$"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
else {
const err18 = {instancePath:instancePath+"/SOURCE_BASES/" + i3,schemaPath:"#/properties/SOURCE_BASES/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
}
else {
const err19 = {instancePath:instancePath+"/SOURCE_BASES",schemaPath:"#/properties/SOURCE_BASES/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data.SOURCE_HEADERS !== undefined){
if(typeof data.SOURCE_HEADERS !== "string"){
const err20 = {instancePath:instancePath+"/SOURCE_HEADERS",schemaPath:"#/properties/SOURCE_HEADERS/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
if(data.SOURCE_HEADERS_SSM !== undefined){
if(typeof data.SOURCE_HEADERS_SSM !== "string"){
const err21 = {instancePath:instancePath+"/SOURCE_HEADERS_SSM",schemaPath:"#/properties/SOURCE_HEADERS_SSM/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
if(data.SOURCE_HEADERS_SECRET !== undefined){
if(typeof data.SOURCE_HEADERS_SECRET !== "string"){
const err22 = {instancePath:instancePath+"/SOURCE_HEADERS_SECRET",schemaPath:"#/properties/SOURCE_HEADERS_SECRET/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data.SOURCE_S3_ENDPOINT !== undefined){
let data17 = data.SOURCE_S3_ENDPOINT;
if(typeof data17 === "string"){
if(!pattern30.test(data17)){
const err23 = {instancePath:instancePath+"/SOURCE_S3_ENDPOINT",schemaPath:"#/properties/SOURCE_S3_ENDPOINT/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s]+$"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
else {
const err24 = {instancePath:instancePath+"/SOURCE_S3_ENDPOINT",schemaPath:"#/properties/SOURCE_S3_ENDPOINT/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
}
if(data.SOURCE_S3_REGION !== undefined){
let data18 = data.SOURCE_S3_REGION;
if(typeof data18 === "string"){
if(!pattern31.test(data18)){
const err25 = {instancePath:instancePath+"/SOURCE_S3_REGION",schemaPath:"#/properties/SOURCE_S3_REGION/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9-]{1,64}$"}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
else {
const err26 = {instancePath:instancePath+"/SOURCE_S3_REGION",schemaPath:"#/properties/SOURCE_S3_REGION/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
let data19 = data.SOURCE_S3_PATH_STYLE;
if(typeof data19 !== "string"){
const err27 = {instancePath:instancePath+"/SOURCE_S3_PATH_STYLE",schemaPath:"#/properties/SOURCE_S3_PATH_STYLE/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(!((data19 === "on") || (data19 === "off"))){
const err28 = {instancePath:instancePath+"/SOURCE_S3_PATH_STYLE",schemaPath:"#/properties/SOURCE_S3_PATH_STYLE/enum",keyword:"enum",params:{allowedValues: schema32.properties.SOURCE_S3_PATH_STYLE.enum}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
let data20 = data.SOURCE_S3_REQUESTER_PAYS;
if(typeof data20 !== "string"){
const err29 = {instancePath:instancePath+"/SOURCE_S3_REQUESTER_PAYS",schemaPath:"#/properties/SOURCE_S3_REQUESTER_PAYS/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
if(!((data20 === "on") || (data20 === "off"))){
const err30 = {instancePath:instancePath+"/SOURCE_S3_REQUESTER_PAYS",schemaPath:"#/properties/SOURCE_S3_REQUESTER_PAYS/enum",keyword:"enum",params:{allowedValues: schema32.properties.SOURCE_S3_REQUESTER_PAYS.enum}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if(data.SOURCE_S3_ACCESS_KEY_ID !== undefined){
if(typeof data.SOURCE_S3_ACCESS_KEY_ID !== "string"){
const err31 = {instancePath:instancePath+"/SOURCE_S3_ACCESS_KEY_ID",schemaPath:"#/properties/SOURCE_S3_ACCESS_KEY_ID/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
}
if(data.SOURCE_S3_SECRET_ACCESS_KEY !== undefined){
if(typeof data.SOURCE_S3_SECRET_ACCESS_KEY !== "string"){
const err32 = {instancePath:instancePath+"/SOURCE_S3_SECRET_ACCESS_KEY",schemaPath:"#/properties/SOURCE_S3_SECRET_ACCESS_KEY/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
let data23 = data.SOURCE_SVG;
if(typeof data23 !== "string"){
const err33 = {instancePath:instancePath+"/SOURCE_SVG",schemaPath:"#/properties/SOURCE_SVG/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if(!((data23 === "on") || (data23 === "off"))){
const err34 = {instancePath:instancePath+"/SOURCE_SVG",schemaPath:"#/properties/SOURCE_SVG/enum",keyword:"enum",params:{allowedValues: schema32.properties.SOURCE_SVG.enum}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
let data24 = data.SOURCE_HEIC;
if(typeof data24 !== "string"){
const err35 = {instancePath:instancePath+"/SOURCE_HEIC",schemaPath:"#/properties/SOURCE_HEIC/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
if(!((data24 === "on") || (data24 === "off"))){
const err36 = {instancePath:instancePath+"/SOURCE_HEIC",schemaPath:"#/properties/SOURCE_HEIC/enum",keyword:"enum",params:{allowedValues: schema32.properties.SOURCE_HEIC.enum}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
let data25 = data.SOURCE_MAX_BYTES;
if(!(((typeof data25 == "number") && (!(data25 % 1) && !isNaN(data25))) && (isFinite(data25)))){
const err37 = {instancePath:instancePath+"/SOURCE_MAX_BYTES",schemaPath:"#/properties/SOURCE_MAX_BYTES/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 > 536870912 || isNaN(data25)){
const err38 = {instancePath:instancePath+"/SOURCE_MAX_BYTES",schemaPath:"#/properties/SOURCE_MAX_BYTES/maximum",keyword:"maximum",params:{comparison: "<=", limit: 536870912}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
if(data25 < 1024 || isNaN(data25)){
const err39 = {instancePath:instancePath+"/SOURCE_MAX_BYTES",schemaPath:"#/properties/SOURCE_MAX_BYTES/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1024}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
}
let data26 = data.SOURCE_MAX_PIXELS;
if(!(((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26))) && (isFinite(data26)))){
const err40 = {instancePath:instancePath+"/SOURCE_MAX_PIXELS",schemaPath:"#/properties/SOURCE_MAX_PIXELS/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if((typeof data26 == "number") && (isFinite(data26))){
if(data26 > 268402689 || isNaN(data26)){
const err41 = {instancePath:instancePath+"/SOURCE_MAX_PIXELS",schemaPath:"#/properties/SOURCE_MAX_PIXELS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 268402689}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(data26 < 1 || isNaN(data26)){
const err42 = {instancePath:instancePath+"/SOURCE_MAX_PIXELS",schemaPath:"#/properties/SOURCE_MAX_PIXELS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
let data27 = data.SOURCE_MAX_AVIF_PIXELS;
if(!(((typeof data27 == "number") && (!(data27 % 1) && !isNaN(data27))) && (isFinite(data27)))){
const err43 = {instancePath:instancePath+"/SOURCE_MAX_AVIF_PIXELS",schemaPath:"#/properties/SOURCE_MAX_AVIF_PIXELS/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if((typeof data27 == "number") && (isFinite(data27))){
if(data27 > 268402689 || isNaN(data27)){
const err44 = {instancePath:instancePath+"/SOURCE_MAX_AVIF_PIXELS",schemaPath:"#/properties/SOURCE_MAX_AVIF_PIXELS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 268402689}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data27 < 1 || isNaN(data27)){
const err45 = {instancePath:instancePath+"/SOURCE_MAX_AVIF_PIXELS",schemaPath:"#/properties/SOURCE_MAX_AVIF_PIXELS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
let data28 = data.SOURCE_MAX_HEIC_PIXELS;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
const err46 = {instancePath:instancePath+"/SOURCE_MAX_HEIC_PIXELS",schemaPath:"#/properties/SOURCE_MAX_HEIC_PIXELS/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 > 268402689 || isNaN(data28)){
const err47 = {instancePath:instancePath+"/SOURCE_MAX_HEIC_PIXELS",schemaPath:"#/properties/SOURCE_MAX_HEIC_PIXELS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 268402689}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
if(data28 < 1 || isNaN(data28)){
const err48 = {instancePath:instancePath+"/SOURCE_MAX_HEIC_PIXELS",schemaPath:"#/properties/SOURCE_MAX_HEIC_PIXELS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
}
let data29 = data.SOURCE_MAX_FRAMES;
if(!(((typeof data29 == "number") && (!(data29 % 1) && !isNaN(data29))) && (isFinite(data29)))){
const err49 = {instancePath:instancePath+"/SOURCE_MAX_FRAMES",schemaPath:"#/properties/SOURCE_MAX_FRAMES/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if((typeof data29 == "number") && (isFinite(data29))){
if(data29 > 10000 || isNaN(data29)){
const err50 = {instancePath:instancePath+"/SOURCE_MAX_FRAMES",schemaPath:"#/properties/SOURCE_MAX_FRAMES/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000}};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
if(data29 < 1 || isNaN(data29)){
const err51 = {instancePath:instancePath+"/SOURCE_MAX_FRAMES",schemaPath:"#/properties/SOURCE_MAX_FRAMES/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
}
let data30 = data.SOURCE_MAX_SCANS;
if(!(((typeof data30 == "number") && (!(data30 % 1) && !isNaN(data30))) && (isFinite(data30)))){
const err52 = {instancePath:instancePath+"/SOURCE_MAX_SCANS",schemaPath:"#/properties/SOURCE_MAX_SCANS/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if((typeof data30 == "number") && (isFinite(data30))){
if(data30 > 1000 || isNaN(data30)){
const err53 = {instancePath:instancePath+"/SOURCE_MAX_SCANS",schemaPath:"#/properties/SOURCE_MAX_SCANS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000}};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
if(data30 < 1 || isNaN(data30)){
const err54 = {instancePath:instancePath+"/SOURCE_MAX_SCANS",schemaPath:"#/properties/SOURCE_MAX_SCANS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err54];
}
else {
vErrors.push(err54);
}
errors++;
}
}
let data31 = data.SOURCE_MAX_REDIRECTS;
if(!(((typeof data31 == "number") && (!(data31 % 1) && !isNaN(data31))) && (isFinite(data31)))){
const err55 = {instancePath:instancePath+"/SOURCE_MAX_REDIRECTS",schemaPath:"#/properties/SOURCE_MAX_REDIRECTS/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
if((typeof data31 == "number") && (isFinite(data31))){
if(data31 > 10 || isNaN(data31)){
const err56 = {instancePath:instancePath+"/SOURCE_MAX_REDIRECTS",schemaPath:"#/properties/SOURCE_MAX_REDIRECTS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10}};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
if(data31 < 0 || isNaN(data31)){
const err57 = {instancePath:instancePath+"/SOURCE_MAX_REDIRECTS",schemaPath:"#/properties/SOURCE_MAX_REDIRECTS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
}
let data32 = data.SOURCE_CONNECT_TIMEOUT;
if(!(((typeof data32 == "number") && (!(data32 % 1) && !isNaN(data32))) && (isFinite(data32)))){
const err58 = {instancePath:instancePath+"/SOURCE_CONNECT_TIMEOUT",schemaPath:"#/properties/SOURCE_CONNECT_TIMEOUT/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
if((typeof data32 == "number") && (isFinite(data32))){
if(data32 > 60000 || isNaN(data32)){
const err59 = {instancePath:instancePath+"/SOURCE_CONNECT_TIMEOUT",schemaPath:"#/properties/SOURCE_CONNECT_TIMEOUT/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60000}};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
if(data32 < 10 || isNaN(data32)){
const err60 = {instancePath:instancePath+"/SOURCE_CONNECT_TIMEOUT",schemaPath:"#/properties/SOURCE_CONNECT_TIMEOUT/minimum",keyword:"minimum",params:{comparison: ">=", limit: 10}};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
}
let data33 = data.SOURCE_IDLE_TIMEOUT;
if(!(((typeof data33 == "number") && (!(data33 % 1) && !isNaN(data33))) && (isFinite(data33)))){
const err61 = {instancePath:instancePath+"/SOURCE_IDLE_TIMEOUT",schemaPath:"#/properties/SOURCE_IDLE_TIMEOUT/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
if((typeof data33 == "number") && (isFinite(data33))){
if(data33 > 60000 || isNaN(data33)){
const err62 = {instancePath:instancePath+"/SOURCE_IDLE_TIMEOUT",schemaPath:"#/properties/SOURCE_IDLE_TIMEOUT/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60000}};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if(data33 < 10 || isNaN(data33)){
const err63 = {instancePath:instancePath+"/SOURCE_IDLE_TIMEOUT",schemaPath:"#/properties/SOURCE_IDLE_TIMEOUT/minimum",keyword:"minimum",params:{comparison: ">=", limit: 10}};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
}
let data34 = data.SOURCE_TIMEOUT;
if(!(((typeof data34 == "number") && (!(data34 % 1) && !isNaN(data34))) && (isFinite(data34)))){
const err64 = {instancePath:instancePath+"/SOURCE_TIMEOUT",schemaPath:"#/properties/SOURCE_TIMEOUT/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
if((typeof data34 == "number") && (isFinite(data34))){
if(data34 > 900000 || isNaN(data34)){
const err65 = {instancePath:instancePath+"/SOURCE_TIMEOUT",schemaPath:"#/properties/SOURCE_TIMEOUT/maximum",keyword:"maximum",params:{comparison: "<=", limit: 900000}};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
if(data34 < 10 || isNaN(data34)){
const err66 = {instancePath:instancePath+"/SOURCE_TIMEOUT",schemaPath:"#/properties/SOURCE_TIMEOUT/minimum",keyword:"minimum",params:{comparison: ">=", limit: 10}};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
}
let data35 = data.SVG_TIMEOUT;
if(!(((typeof data35 == "number") && (!(data35 % 1) && !isNaN(data35))) && (isFinite(data35)))){
const err67 = {instancePath:instancePath+"/SVG_TIMEOUT",schemaPath:"#/properties/SVG_TIMEOUT/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if((typeof data35 == "number") && (isFinite(data35))){
if(data35 > 60000 || isNaN(data35)){
const err68 = {instancePath:instancePath+"/SVG_TIMEOUT",schemaPath:"#/properties/SVG_TIMEOUT/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60000}};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
if(data35 < 100 || isNaN(data35)){
const err69 = {instancePath:instancePath+"/SVG_TIMEOUT",schemaPath:"#/properties/SVG_TIMEOUT/minimum",keyword:"minimum",params:{comparison: ">=", limit: 100}};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
}
if(data.FONTS !== undefined){
let data36 = data.FONTS;
if(typeof data36 === "string"){
if(!pattern32.test(data36)){
const err70 = {instancePath:instancePath+"/FONTS",schemaPath:"#/properties/FONTS/pattern",keyword:"pattern",params:{pattern: "."}};
if(vErrors === null){
vErrors = [err70];
}
else {
vErrors.push(err70);
}
errors++;
}
}
else {
const err71 = {instancePath:instancePath+"/FONTS",schemaPath:"#/properties/FONTS/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err71];
}
else {
vErrors.push(err71);
}
errors++;
}
}
let data37 = data.HEIC_TIMEOUT;
if(!(((typeof data37 == "number") && (!(data37 % 1) && !isNaN(data37))) && (isFinite(data37)))){
const err72 = {instancePath:instancePath+"/HEIC_TIMEOUT",schemaPath:"#/properties/HEIC_TIMEOUT/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err72];
}
else {
vErrors.push(err72);
}
errors++;
}
if((typeof data37 == "number") && (isFinite(data37))){
if(data37 > 60000 || isNaN(data37)){
const err73 = {instancePath:instancePath+"/HEIC_TIMEOUT",schemaPath:"#/properties/HEIC_TIMEOUT/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60000}};
if(vErrors === null){
vErrors = [err73];
}
else {
vErrors.push(err73);
}
errors++;
}
if(data37 < 100 || isNaN(data37)){
const err74 = {instancePath:instancePath+"/HEIC_TIMEOUT",schemaPath:"#/properties/HEIC_TIMEOUT/minimum",keyword:"minimum",params:{comparison: ">=", limit: 100}};
if(vErrors === null){
vErrors = [err74];
}
else {
vErrors.push(err74);
}
errors++;
}
}
let data38 = data.RESULT_MAX_SIDE;
if(!(((typeof data38 == "number") && (!(data38 % 1) && !isNaN(data38))) && (isFinite(data38)))){
const err75 = {instancePath:instancePath+"/RESULT_MAX_SIDE",schemaPath:"#/properties/RESULT_MAX_SIDE/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err75];
}
else {
vErrors.push(err75);
}
errors++;
}
if((typeof data38 == "number") && (isFinite(data38))){
if(data38 > 16383 || isNaN(data38)){
const err76 = {instancePath:instancePath+"/RESULT_MAX_SIDE",schemaPath:"#/properties/RESULT_MAX_SIDE/maximum",keyword:"maximum",params:{comparison: "<=", limit: 16383}};
if(vErrors === null){
vErrors = [err76];
}
else {
vErrors.push(err76);
}
errors++;
}
if(data38 < 1 || isNaN(data38)){
const err77 = {instancePath:instancePath+"/RESULT_MAX_SIDE",schemaPath:"#/properties/RESULT_MAX_SIDE/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err77];
}
else {
vErrors.push(err77);
}
errors++;
}
}
let data39 = data.RESULT_MAX_PIXELS;
if(!(((typeof data39 == "number") && (!(data39 % 1) && !isNaN(data39))) && (isFinite(data39)))){
const err78 = {instancePath:instancePath+"/RESULT_MAX_PIXELS",schemaPath:"#/properties/RESULT_MAX_PIXELS/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err78];
}
else {
vErrors.push(err78);
}
errors++;
}
if((typeof data39 == "number") && (isFinite(data39))){
if(data39 > 268402689 || isNaN(data39)){
const err79 = {instancePath:instancePath+"/RESULT_MAX_PIXELS",schemaPath:"#/properties/RESULT_MAX_PIXELS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 268402689}};
if(vErrors === null){
vErrors = [err79];
}
else {
vErrors.push(err79);
}
errors++;
}
if(data39 < 1 || isNaN(data39)){
const err80 = {instancePath:instancePath+"/RESULT_MAX_PIXELS",schemaPath:"#/properties/RESULT_MAX_PIXELS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err80];
}
else {
vErrors.push(err80);
}
errors++;
}
}
let data40 = data.RESULT_DEFAULT_AGE;
if(!(((typeof data40 == "number") && (!(data40 % 1) && !isNaN(data40))) && (isFinite(data40)))){
const err81 = {instancePath:instancePath+"/RESULT_DEFAULT_AGE",schemaPath:"#/properties/RESULT_DEFAULT_AGE/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err81];
}
else {
vErrors.push(err81);
}
errors++;
}
if((typeof data40 == "number") && (isFinite(data40))){
if(data40 > 31536000 || isNaN(data40)){
const err82 = {instancePath:instancePath+"/RESULT_DEFAULT_AGE",schemaPath:"#/properties/RESULT_DEFAULT_AGE/maximum",keyword:"maximum",params:{comparison: "<=", limit: 31536000}};
if(vErrors === null){
vErrors = [err82];
}
else {
vErrors.push(err82);
}
errors++;
}
if(data40 < 0 || isNaN(data40)){
const err83 = {instancePath:instancePath+"/RESULT_DEFAULT_AGE",schemaPath:"#/properties/RESULT_DEFAULT_AGE/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err83];
}
else {
vErrors.push(err83);
}
errors++;
}
}
let data41 = data.RESULT_MIN_AGE;
if(!(((typeof data41 == "number") && (!(data41 % 1) && !isNaN(data41))) && (isFinite(data41)))){
const err84 = {instancePath:instancePath+"/RESULT_MIN_AGE",schemaPath:"#/properties/RESULT_MIN_AGE/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err84];
}
else {
vErrors.push(err84);
}
errors++;
}
if((typeof data41 == "number") && (isFinite(data41))){
if(data41 > 31536000 || isNaN(data41)){
const err85 = {instancePath:instancePath+"/RESULT_MIN_AGE",schemaPath:"#/properties/RESULT_MIN_AGE/maximum",keyword:"maximum",params:{comparison: "<=", limit: 31536000}};
if(vErrors === null){
vErrors = [err85];
}
else {
vErrors.push(err85);
}
errors++;
}
if(data41 < 0 || isNaN(data41)){
const err86 = {instancePath:instancePath+"/RESULT_MIN_AGE",schemaPath:"#/properties/RESULT_MIN_AGE/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err86];
}
else {
vErrors.push(err86);
}
errors++;
}
}
let data42 = data.RESULT_MAX_AGE;
if(!(((typeof data42 == "number") && (!(data42 % 1) && !isNaN(data42))) && (isFinite(data42)))){
const err87 = {instancePath:instancePath+"/RESULT_MAX_AGE",schemaPath:"#/properties/RESULT_MAX_AGE/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err87];
}
else {
vErrors.push(err87);
}
errors++;
}
if((typeof data42 == "number") && (isFinite(data42))){
if(data42 > 31536000 || isNaN(data42)){
const err88 = {instancePath:instancePath+"/RESULT_MAX_AGE",schemaPath:"#/properties/RESULT_MAX_AGE/maximum",keyword:"maximum",params:{comparison: "<=", limit: 31536000}};
if(vErrors === null){
vErrors = [err88];
}
else {
vErrors.push(err88);
}
errors++;
}
if(data42 < 0 || isNaN(data42)){
const err89 = {instancePath:instancePath+"/RESULT_MAX_AGE",schemaPath:"#/properties/RESULT_MAX_AGE/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err89];
}
else {
vErrors.push(err89);
}
errors++;
}
}
let data43 = data.RESULT_STALE_WHILE_REVALIDATE;
if(!(((typeof data43 == "number") && (!(data43 % 1) && !isNaN(data43))) && (isFinite(data43)))){
const err90 = {instancePath:instancePath+"/RESULT_STALE_WHILE_REVALIDATE",schemaPath:"#/properties/RESULT_STALE_WHILE_REVALIDATE/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err90];
}
else {
vErrors.push(err90);
}
errors++;
}
if((typeof data43 == "number") && (isFinite(data43))){
if(data43 > 31536000 || isNaN(data43)){
const err91 = {instancePath:instancePath+"/RESULT_STALE_WHILE_REVALIDATE",schemaPath:"#/properties/RESULT_STALE_WHILE_REVALIDATE/maximum",keyword:"maximum",params:{comparison: "<=", limit: 31536000}};
if(vErrors === null){
vErrors = [err91];
}
else {
vErrors.push(err91);
}
errors++;
}
if(data43 < 0 || isNaN(data43)){
const err92 = {instancePath:instancePath+"/RESULT_STALE_WHILE_REVALIDATE",schemaPath:"#/properties/RESULT_STALE_WHILE_REVALIDATE/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err92];
}
else {
vErrors.push(err92);
}
errors++;
}
}
let data44 = data.RESULT_STALE_IF_ERROR;
if(!(((typeof data44 == "number") && (!(data44 % 1) && !isNaN(data44))) && (isFinite(data44)))){
const err93 = {instancePath:instancePath+"/RESULT_STALE_IF_ERROR",schemaPath:"#/properties/RESULT_STALE_IF_ERROR/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err93];
}
else {
vErrors.push(err93);
}
errors++;
}
if((typeof data44 == "number") && (isFinite(data44))){
if(data44 > 31536000 || isNaN(data44)){
const err94 = {instancePath:instancePath+"/RESULT_STALE_IF_ERROR",schemaPath:"#/properties/RESULT_STALE_IF_ERROR/maximum",keyword:"maximum",params:{comparison: "<=", limit: 31536000}};
if(vErrors === null){
vErrors = [err94];
}
else {
vErrors.push(err94);
}
errors++;
}
if(data44 < 0 || isNaN(data44)){
const err95 = {instancePath:instancePath+"/RESULT_STALE_IF_ERROR",schemaPath:"#/properties/RESULT_STALE_IF_ERROR/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err95];
}
else {
vErrors.push(err95);
}
errors++;
}
}
let data45 = data.RESULT_MEMORY;
if(!(((typeof data45 == "number") && (!(data45 % 1) && !isNaN(data45))) && (isFinite(data45)))){
const err96 = {instancePath:instancePath+"/RESULT_MEMORY",schemaPath:"#/properties/RESULT_MEMORY/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err96];
}
else {
vErrors.push(err96);
}
errors++;
}
if((typeof data45 == "number") && (isFinite(data45))){
if(data45 > 8589934592 || isNaN(data45)){
const err97 = {instancePath:instancePath+"/RESULT_MEMORY",schemaPath:"#/properties/RESULT_MEMORY/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8589934592}};
if(vErrors === null){
vErrors = [err97];
}
else {
vErrors.push(err97);
}
errors++;
}
if(data45 < 0 || isNaN(data45)){
const err98 = {instancePath:instancePath+"/RESULT_MEMORY",schemaPath:"#/properties/RESULT_MEMORY/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err98];
}
else {
vErrors.push(err98);
}
errors++;
}
}
let data46 = data.SOURCE_MEMORY;
if(!(((typeof data46 == "number") && (!(data46 % 1) && !isNaN(data46))) && (isFinite(data46)))){
const err99 = {instancePath:instancePath+"/SOURCE_MEMORY",schemaPath:"#/properties/SOURCE_MEMORY/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err99];
}
else {
vErrors.push(err99);
}
errors++;
}
if((typeof data46 == "number") && (isFinite(data46))){
if(data46 > 8589934592 || isNaN(data46)){
const err100 = {instancePath:instancePath+"/SOURCE_MEMORY",schemaPath:"#/properties/SOURCE_MEMORY/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8589934592}};
if(vErrors === null){
vErrors = [err100];
}
else {
vErrors.push(err100);
}
errors++;
}
if(data46 < 0 || isNaN(data46)){
const err101 = {instancePath:instancePath+"/SOURCE_MEMORY",schemaPath:"#/properties/SOURCE_MEMORY/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err101];
}
else {
vErrors.push(err101);
}
errors++;
}
}
let data47 = data.MEMORY_MAX_AGE;
if(!(((typeof data47 == "number") && (!(data47 % 1) && !isNaN(data47))) && (isFinite(data47)))){
const err102 = {instancePath:instancePath+"/MEMORY_MAX_AGE",schemaPath:"#/properties/MEMORY_MAX_AGE/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err102];
}
else {
vErrors.push(err102);
}
errors++;
}
if((typeof data47 == "number") && (isFinite(data47))){
if(data47 > 31536000 || isNaN(data47)){
const err103 = {instancePath:instancePath+"/MEMORY_MAX_AGE",schemaPath:"#/properties/MEMORY_MAX_AGE/maximum",keyword:"maximum",params:{comparison: "<=", limit: 31536000}};
if(vErrors === null){
vErrors = [err103];
}
else {
vErrors.push(err103);
}
errors++;
}
if(data47 < 0 || isNaN(data47)){
const err104 = {instancePath:instancePath+"/MEMORY_MAX_AGE",schemaPath:"#/properties/MEMORY_MAX_AGE/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err104];
}
else {
vErrors.push(err104);
}
errors++;
}
}
if(data.RESULT_BUCKET !== undefined){
let data48 = data.RESULT_BUCKET;
if(typeof data48 === "string"){
if(!pattern33.test(data48)){
const err105 = {instancePath:instancePath+"/RESULT_BUCKET",schemaPath:"#/properties/RESULT_BUCKET/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"}};
if(vErrors === null){
vErrors = [err105];
}
else {
vErrors.push(err105);
}
errors++;
}
}
else {
const err106 = {instancePath:instancePath+"/RESULT_BUCKET",schemaPath:"#/properties/RESULT_BUCKET/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err106];
}
else {
vErrors.push(err106);
}
errors++;
}
}
let data49 = data.FALLBACK_STATUS;
if(typeof data49 !== "string"){
const err107 = {instancePath:instancePath+"/FALLBACK_STATUS",schemaPath:"#/properties/FALLBACK_STATUS/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err107];
}
else {
vErrors.push(err107);
}
errors++;
}
if(!((data49 === "true") || (data49 === "200"))){
const err108 = {instancePath:instancePath+"/FALLBACK_STATUS",schemaPath:"#/properties/FALLBACK_STATUS/enum",keyword:"enum",params:{allowedValues: schema32.properties.FALLBACK_STATUS.enum}};
if(vErrors === null){
vErrors = [err108];
}
else {
vErrors.push(err108);
}
errors++;
}
if(data.STREAMING_URL !== undefined){
let data50 = data.STREAMING_URL;
if(typeof data50 === "string"){
if(!pattern30.test(data50)){
const err109 = {instancePath:instancePath+"/STREAMING_URL",schemaPath:"#/properties/STREAMING_URL/pattern",keyword:"pattern",params:{pattern: "^https?://[^\\s]+$"}};
if(vErrors === null){
vErrors = [err109];
}
else {
vErrors.push(err109);
}
errors++;
}
}
else {
const err110 = {instancePath:instancePath+"/STREAMING_URL",schemaPath:"#/properties/STREAMING_URL/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err110];
}
else {
vErrors.push(err110);
}
errors++;
}
}
let data51 = data.AVIF_AUTO;
if(typeof data51 !== "string"){
const err111 = {instancePath:instancePath+"/AVIF_AUTO",schemaPath:"#/properties/AVIF_AUTO/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err111];
}
else {
vErrors.push(err111);
}
errors++;
}
if(!((data51 === "on") || (data51 === "off"))){
const err112 = {instancePath:instancePath+"/AVIF_AUTO",schemaPath:"#/properties/AVIF_AUTO/enum",keyword:"enum",params:{allowedValues: schema32.properties.AVIF_AUTO.enum}};
if(vErrors === null){
vErrors = [err112];
}
else {
vErrors.push(err112);
}
errors++;
}
let data52 = data.PRESETS;
if(Array.isArray(data52)){
const len4 = data52.length;
for(let i4=0; i4<len4; i4++){
let data53 = data52[i4];
if(typeof data53 === "string"){
if(!pattern35.test(data53)){
const err113 = {instancePath:instancePath+"/PRESETS/" + i4,schemaPath:"#/properties/PRESETS/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]{1,40}=[^;]+$"}};
if(vErrors === null){
vErrors = [err113];
}
else {
vErrors.push(err113);
}
errors++;
}
}
else {
const err114 = {instancePath:instancePath+"/PRESETS/" + i4,schemaPath:"#/properties/PRESETS/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err114];
}
else {
vErrors.push(err114);
}
errors++;
}
}
}
else {
const err115 = {instancePath:instancePath+"/PRESETS",schemaPath:"#/properties/PRESETS/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err115];
}
else {
vErrors.push(err115);
}
errors++;
}
let data54 = data.PRESETS_ONLY;
if(typeof data54 !== "string"){
const err116 = {instancePath:instancePath+"/PRESETS_ONLY",schemaPath:"#/properties/PRESETS_ONLY/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err116];
}
else {
vErrors.push(err116);
}
errors++;
}
if(!((data54 === "on") || (data54 === "off"))){
const err117 = {instancePath:instancePath+"/PRESETS_ONLY",schemaPath:"#/properties/PRESETS_ONLY/enum",keyword:"enum",params:{allowedValues: schema32.properties.PRESETS_ONLY.enum}};
if(vErrors === null){
vErrors = [err117];
}
else {
vErrors.push(err117);
}
errors++;
}
let data55 = data.QUERY_IGNORED;
if(Array.isArray(data55)){
const len5 = data55.length;
for(let i5=0; i5<len5; i5++){
let data56 = data55[i5];
if(typeof data56 === "string"){
if(!pattern36.test(data56)){
const err118 = {instancePath:instancePath+"/QUERY_IGNORED/" + i5,schemaPath:"#/properties/QUERY_IGNORED/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_.-]+\\*?$"}};
if(vErrors === null){
vErrors = [err118];
}
else {
vErrors.push(err118);
}
errors++;
}
}
else {
const err119 = {instancePath:instancePath+"/QUERY_IGNORED/" + i5,schemaPath:"#/properties/QUERY_IGNORED/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err119];
}
else {
vErrors.push(err119);
}
errors++;
}
}
}
else {
const err120 = {instancePath:instancePath+"/QUERY_IGNORED",schemaPath:"#/properties/QUERY_IGNORED/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err120];
}
else {
vErrors.push(err120);
}
errors++;
}
let data57 = data.OWN_HOSTS;
if(Array.isArray(data57)){
const len6 = data57.length;
for(let i6=0; i6<len6; i6++){
if(typeof data57[i6] !== "string"){
const err121 = {instancePath:instancePath+"/OWN_HOSTS/" + i6,schemaPath:"#/properties/OWN_HOSTS/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err121];
}
else {
vErrors.push(err121);
}
errors++;
}
}
}
else {
const err122 = {instancePath:instancePath+"/OWN_HOSTS",schemaPath:"#/properties/OWN_HOSTS/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err122];
}
else {
vErrors.push(err122);
}
errors++;
}
if(data.VIEWER_HOST_HEADER !== undefined){
let data59 = data.VIEWER_HOST_HEADER;
if(typeof data59 === "string"){
if(!pattern37.test(data59)){
const err123 = {instancePath:instancePath+"/VIEWER_HOST_HEADER",schemaPath:"#/properties/VIEWER_HOST_HEADER/pattern",keyword:"pattern",params:{pattern: "^[a-z][a-z0-9-]*$"}};
if(vErrors === null){
vErrors = [err123];
}
else {
vErrors.push(err123);
}
errors++;
}
}
else {
const err124 = {instancePath:instancePath+"/VIEWER_HOST_HEADER",schemaPath:"#/properties/VIEWER_HOST_HEADER/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err124];
}
else {
vErrors.push(err124);
}
errors++;
}
}
let data60 = data.EDGE_KEYS;
if(typeof data60 !== "string"){
const err125 = {instancePath:instancePath+"/EDGE_KEYS",schemaPath:"#/properties/EDGE_KEYS/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err125];
}
else {
vErrors.push(err125);
}
errors++;
}
if(!((data60 === "on") || (data60 === "off"))){
const err126 = {instancePath:instancePath+"/EDGE_KEYS",schemaPath:"#/properties/EDGE_KEYS/enum",keyword:"enum",params:{allowedValues: schema32.properties.EDGE_KEYS.enum}};
if(vErrors === null){
vErrors = [err126];
}
else {
vErrors.push(err126);
}
errors++;
}
let data61 = data.MAX_REQUESTS;
if(!(((typeof data61 == "number") && (!(data61 % 1) && !isNaN(data61))) && (isFinite(data61)))){
const err127 = {instancePath:instancePath+"/MAX_REQUESTS",schemaPath:"#/properties/MAX_REQUESTS/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err127];
}
else {
vErrors.push(err127);
}
errors++;
}
if((typeof data61 == "number") && (isFinite(data61))){
if(data61 > 10000 || isNaN(data61)){
const err128 = {instancePath:instancePath+"/MAX_REQUESTS",schemaPath:"#/properties/MAX_REQUESTS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000}};
if(vErrors === null){
vErrors = [err128];
}
else {
vErrors.push(err128);
}
errors++;
}
if(data61 < 0 || isNaN(data61)){
const err129 = {instancePath:instancePath+"/MAX_REQUESTS",schemaPath:"#/properties/MAX_REQUESTS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err129];
}
else {
vErrors.push(err129);
}
errors++;
}
}
let data62 = data.MAX_WORK_MEMORY;
if(!(((typeof data62 == "number") && (!(data62 % 1) && !isNaN(data62))) && (isFinite(data62)))){
const err130 = {instancePath:instancePath+"/MAX_WORK_MEMORY",schemaPath:"#/properties/MAX_WORK_MEMORY/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err130];
}
else {
vErrors.push(err130);
}
errors++;
}
if((typeof data62 == "number") && (isFinite(data62))){
if(data62 > 68719476736 || isNaN(data62)){
const err131 = {instancePath:instancePath+"/MAX_WORK_MEMORY",schemaPath:"#/properties/MAX_WORK_MEMORY/maximum",keyword:"maximum",params:{comparison: "<=", limit: 68719476736}};
if(vErrors === null){
vErrors = [err131];
}
else {
vErrors.push(err131);
}
errors++;
}
if(data62 < 0 || isNaN(data62)){
const err132 = {instancePath:instancePath+"/MAX_WORK_MEMORY",schemaPath:"#/properties/MAX_WORK_MEMORY/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err132];
}
else {
vErrors.push(err132);
}
errors++;
}
}
let data63 = data.MAX_DECODES;
if(!(((typeof data63 == "number") && (!(data63 % 1) && !isNaN(data63))) && (isFinite(data63)))){
const err133 = {instancePath:instancePath+"/MAX_DECODES",schemaPath:"#/properties/MAX_DECODES/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err133];
}
else {
vErrors.push(err133);
}
errors++;
}
if((typeof data63 == "number") && (isFinite(data63))){
if(data63 > 256 || isNaN(data63)){
const err134 = {instancePath:instancePath+"/MAX_DECODES",schemaPath:"#/properties/MAX_DECODES/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256}};
if(vErrors === null){
vErrors = [err134];
}
else {
vErrors.push(err134);
}
errors++;
}
if(data63 < 0 || isNaN(data63)){
const err135 = {instancePath:instancePath+"/MAX_DECODES",schemaPath:"#/properties/MAX_DECODES/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err135];
}
else {
vErrors.push(err135);
}
errors++;
}
}
let data64 = data.DEADLINE;
if(!(((typeof data64 == "number") && (!(data64 % 1) && !isNaN(data64))) && (isFinite(data64)))){
const err136 = {instancePath:instancePath+"/DEADLINE",schemaPath:"#/properties/DEADLINE/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err136];
}
else {
vErrors.push(err136);
}
errors++;
}
if((typeof data64 == "number") && (isFinite(data64))){
if(data64 > 900000 || isNaN(data64)){
const err137 = {instancePath:instancePath+"/DEADLINE",schemaPath:"#/properties/DEADLINE/maximum",keyword:"maximum",params:{comparison: "<=", limit: 900000}};
if(vErrors === null){
vErrors = [err137];
}
else {
vErrors.push(err137);
}
errors++;
}
if(data64 < 1100 || isNaN(data64)){
const err138 = {instancePath:instancePath+"/DEADLINE",schemaPath:"#/properties/DEADLINE/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1100}};
if(vErrors === null){
vErrors = [err138];
}
else {
vErrors.push(err138);
}
errors++;
}
}
let data65 = data.LOG_LEVEL;
if(typeof data65 !== "string"){
const err139 = {instancePath:instancePath+"/LOG_LEVEL",schemaPath:"#/properties/LOG_LEVEL/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err139];
}
else {
vErrors.push(err139);
}
errors++;
}
if(!((((data65 === "debug") || (data65 === "info")) || (data65 === "warn")) || (data65 === "error"))){
const err140 = {instancePath:instancePath+"/LOG_LEVEL",schemaPath:"#/properties/LOG_LEVEL/enum",keyword:"enum",params:{allowedValues: schema32.properties.LOG_LEVEL.enum}};
if(vErrors === null){
vErrors = [err140];
}
else {
vErrors.push(err140);
}
errors++;
}
let data66 = data.SERVICE_NAME;
if(typeof data66 === "string"){
if(!pattern38.test(data66)){
const err141 = {instancePath:instancePath+"/SERVICE_NAME",schemaPath:"#/properties/SERVICE_NAME/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_.-]{1,128}$"}};
if(vErrors === null){
vErrors = [err141];
}
else {
vErrors.push(err141);
}
errors++;
}
}
else {
const err142 = {instancePath:instancePath+"/SERVICE_NAME",schemaPath:"#/properties/SERVICE_NAME/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err142];
}
else {
vErrors.push(err142);
}
errors++;
}
if(data.METRICS_NAMESPACE !== undefined){
let data67 = data.METRICS_NAMESPACE;
if(typeof data67 === "string"){
if(!pattern39.test(data67)){
const err143 = {instancePath:instancePath+"/METRICS_NAMESPACE",schemaPath:"#/properties/METRICS_NAMESPACE/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_./#-]{1,255}$"}};
if(vErrors === null){
vErrors = [err143];
}
else {
vErrors.push(err143);
}
errors++;
}
}
else {
const err144 = {instancePath:instancePath+"/METRICS_NAMESPACE",schemaPath:"#/properties/METRICS_NAMESPACE/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err144];
}
else {
vErrors.push(err144);
}
errors++;
}
}
if(typeof data.HOST !== "string"){
const err145 = {instancePath:instancePath+"/HOST",schemaPath:"#/properties/HOST/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err145];
}
else {
vErrors.push(err145);
}
errors++;
}
let data69 = data.PORT;
if(!(((typeof data69 == "number") && (!(data69 % 1) && !isNaN(data69))) && (isFinite(data69)))){
const err146 = {instancePath:instancePath+"/PORT",schemaPath:"#/properties/PORT/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err146];
}
else {
vErrors.push(err146);
}
errors++;
}
if((typeof data69 == "number") && (isFinite(data69))){
if(data69 > 65535 || isNaN(data69)){
const err147 = {instancePath:instancePath+"/PORT",schemaPath:"#/properties/PORT/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535}};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
if(data69 < 0 || isNaN(data69)){
const err148 = {instancePath:instancePath+"/PORT",schemaPath:"#/properties/PORT/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err148];
}
else {
vErrors.push(err148);
}
errors++;
}
}
}
else {
const err149 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err149];
}
else {
vErrors.push(err149);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}
validate21.evaluated = {"props":{"API_KEYS":true,"API_KEYS_FILE":true,"API_KEYS_SSM":true,"API_KEYS_SECRET":true,"API_KEYS_REFRESH":true,"ALLOW_ANONYMOUS":true,"SOURCE_ALLOWED_NETWORKS":true,"SOURCE_ALLOWED_HOSTS":true,"SOURCE_ALLOWED_BUCKETS":true,"SOURCE_BASES":true,"SOURCE_HEADERS":true,"SOURCE_HEADERS_SSM":true,"SOURCE_HEADERS_SECRET":true,"SOURCE_S3_ENDPOINT":true,"SOURCE_S3_REGION":true,"SOURCE_S3_PATH_STYLE":true,"SOURCE_S3_REQUESTER_PAYS":true,"SOURCE_S3_ACCESS_KEY_ID":true,"SOURCE_S3_SECRET_ACCESS_KEY":true,"SOURCE_SVG":true,"SOURCE_HEIC":true,"SOURCE_MAX_BYTES":true,"SOURCE_MAX_PIXELS":true,"SOURCE_MAX_AVIF_PIXELS":true,"SOURCE_MAX_HEIC_PIXELS":true,"SOURCE_MAX_FRAMES":true,"SOURCE_MAX_SCANS":true,"SOURCE_MAX_REDIRECTS":true,"SOURCE_CONNECT_TIMEOUT":true,"SOURCE_IDLE_TIMEOUT":true,"SOURCE_TIMEOUT":true,"SVG_TIMEOUT":true,"FONTS":true,"HEIC_TIMEOUT":true,"RESULT_MAX_SIDE":true,"RESULT_MAX_PIXELS":true,"RESULT_DEFAULT_AGE":true,"RESULT_MIN_AGE":true,"RESULT_MAX_AGE":true,"RESULT_STALE_WHILE_REVALIDATE":true,"RESULT_STALE_IF_ERROR":true,"RESULT_MEMORY":true,"SOURCE_MEMORY":true,"MEMORY_MAX_AGE":true,"RESULT_BUCKET":true,"FALLBACK_STATUS":true,"STREAMING_URL":true,"AVIF_AUTO":true,"PRESETS":true,"PRESETS_ONLY":true,"QUERY_IGNORED":true,"OWN_HOSTS":true,"VIEWER_HOST_HEADER":true,"EDGE_KEYS":true,"MAX_REQUESTS":true,"MAX_WORK_MEMORY":true,"MAX_DECODES":true,"DEADLINE":true,"LOG_LEVEL":true,"SERVICE_NAME":true,"METRICS_NAMESPACE":true,"HOST":true,"PORT":true},"dynamicProps":false,"dynamicItems":false};

export const keys = validate22;
const schema33 = {"$schema":"https://json-schema.org/draft/2020-12/schema","type":"array","minItems":1,"items":{"type":"object","additionalProperties":false,"required":["id"],"properties":{"id":{"type":"string","pattern":"^[A-Za-z0-9_.-]{1,64}$"},"mode":{"type":"string","enum":["plain","signed"],"default":"plain"},"sha256":{"type":"string","pattern":"^[0-9a-f]{64}$"},"secret":{"type":"string","pattern":"^(?:pxg_)?[A-Za-z0-9_-]{22,512}$"},"notBefore":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2}))?$"},"notAfter":{"type":"string","pattern":"^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2}))?$"},"disabled":{"type":"boolean","default":false},"sources":{"type":"array","minItems":1,"items":{"type":"string"}},"pages":{"type":"array","minItems":1,"items":{"type":"string","pattern":"^https?://(?:[*][.])?[A-Za-z0-9.-]+(?::[0-9]{1,5})?$"}},"maxWidth":{"type":"integer","minimum":1,"maximum":8192},"widths":{"type":"array","minItems":1,"items":{"type":"integer","minimum":1,"maximum":8192}},"formats":{"type":"array","minItems":1,"items":{"type":"string","enum":["auto","jpg","png","webp","avif","gif","tiff","json","blurhash","thumbhash","lqip","color"]}},"presets":{"type":"array","minItems":1,"items":{"type":"string","pattern":"^[A-Za-z0-9_-]{1,40}$"}},"presetsOnly":{"type":"boolean","default":false},"maxAge":{"type":"integer","minimum":0,"maximum":31536000},"rate":{"type":"integer","minimum":1,"maximum":1000000}}}};
const pattern40 = new RegExp("^[A-Za-z0-9_.-]{1,64}$", "u");
const pattern41 = new RegExp("^[0-9a-f]{64}$", "u");
const pattern42 = new RegExp("^(?:pxg_)?[A-Za-z0-9_-]{22,512}$", "u");
const pattern43 = new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2}))?$", "u");
const pattern45 = new RegExp("^https?://(?:[*][.])?[A-Za-z0-9.-]+(?::[0-9]{1,5})?$", "u");

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const evaluated0 = validate22.evaluated;
if(evaluated0.dynamicProps){
evaluated0.props = undefined;
}
if(evaluated0.dynamicItems){
evaluated0.items = undefined;
}
if(Array.isArray(data)){
if(data.length < 1){
const err0 = {instancePath,schemaPath:"#/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
const len0 = data.length;
for(let i0=0; i0<len0; i0++){
let data0 = data[i0];
if(data0 && typeof data0 == "object" && !Array.isArray(data0)){
if(data0.mode === undefined){
data0.mode = "plain";
}
if(data0.disabled === undefined){
data0.disabled = false;
}
if(data0.presetsOnly === undefined){
data0.presetsOnly = false;
}
if(data0.id === undefined){
const err1 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/required",keyword:"required",params:{missingProperty: "id"}};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
for(const key0 in data0){
if(!(func1.call(schema33.items.properties, key0))){
const err2 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0}};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
if(data0.id !== undefined){
let data1 = data0.id;
if(typeof data1 === "string"){
if(!pattern40.test(data1)){
const err3 = {instancePath:instancePath+"/" + i0+"/id",schemaPath:"#/items/properties/id/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_.-]{1,64}$"}};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
}
else {
const err4 = {instancePath:instancePath+"/" + i0+"/id",schemaPath:"#/items/properties/id/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
let data2 = data0.mode;
if(typeof data2 !== "string"){
const err5 = {instancePath:instancePath+"/" + i0+"/mode",schemaPath:"#/items/properties/mode/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(!((data2 === "plain") || (data2 === "signed"))){
const err6 = {instancePath:instancePath+"/" + i0+"/mode",schemaPath:"#/items/properties/mode/enum",keyword:"enum",params:{allowedValues: schema33.items.properties.mode.enum}};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data0.sha256 !== undefined){
let data3 = data0.sha256;
if(typeof data3 === "string"){
if(!pattern41.test(data3)){
const err7 = {instancePath:instancePath+"/" + i0+"/sha256",schemaPath:"#/items/properties/sha256/pattern",keyword:"pattern",params:{pattern: "^[0-9a-f]{64}$"}};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
}
else {
const err8 = {instancePath:instancePath+"/" + i0+"/sha256",schemaPath:"#/items/properties/sha256/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
if(data0.secret !== undefined){
let data4 = data0.secret;
if(typeof data4 === "string"){
if(!pattern42.test(data4)){
const err9 = {instancePath:instancePath+"/" + i0+"/secret",schemaPath:"#/items/properties/secret/pattern",keyword:"pattern",params:{pattern: "^(?:pxg_)?[A-Za-z0-9_-]{22,512}$"}};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
else {
const err10 = {instancePath:instancePath+"/" + i0+"/secret",schemaPath:"#/items/properties/secret/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data0.notBefore !== undefined){
let data5 = data0.notBefore;
if(typeof data5 === "string"){
if(!pattern43.test(data5)){
const err11 = {instancePath:instancePath+"/" + i0+"/notBefore",schemaPath:"#/items/properties/notBefore/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2}))?$"}};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
else {
const err12 = {instancePath:instancePath+"/" + i0+"/notBefore",schemaPath:"#/items/properties/notBefore/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
}
if(data0.notAfter !== undefined){
let data6 = data0.notAfter;
if(typeof data6 === "string"){
if(!pattern43.test(data6)){
const err13 = {instancePath:instancePath+"/" + i0+"/notAfter",schemaPath:"#/items/properties/notAfter/pattern",keyword:"pattern",params:{pattern: "^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2}))?$"}};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
}
else {
const err14 = {instancePath:instancePath+"/" + i0+"/notAfter",schemaPath:"#/items/properties/notAfter/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
}
if(typeof data0.disabled !== "boolean"){
const err15 = {instancePath:instancePath+"/" + i0+"/disabled",schemaPath:"#/items/properties/disabled/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if(data0.sources !== undefined){
let data8 = data0.sources;
if(Array.isArray(data8)){
if(data8.length < 1){
const err16 = {instancePath:instancePath+"/" + i0+"/sources",schemaPath:"#/items/properties/sources/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
const len1 = data8.length;
for(let i1=0; i1<len1; i1++){
if(typeof data8[i1] !== "string"){
const err17 = {instancePath:instancePath+"/" + i0+"/sources/" + i1,schemaPath:"#/items/properties/sources/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
}
else {
const err18 = {instancePath:instancePath+"/" + i0+"/sources",schemaPath:"#/items/properties/sources/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
}
if(data0.pages !== undefined){
let data10 = data0.pages;
if(Array.isArray(data10)){
if(data10.length < 1){
const err19 = {instancePath:instancePath+"/" + i0+"/pages",schemaPath:"#/items/properties/pages/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
const len2 = data10.length;
for(let i2=0; i2<len2; i2++){
let data11 = data10[i2];
if(typeof data11 === "string"){
if(!pattern45.test(data11)){
const err20 = {instancePath:instancePath+"/" + i0+"/pages/" + i2,schemaPath:"#/items/properties/pages/items/pattern",keyword:"pattern",params:{pattern: "^https?://(?:[*][.])?[A-Za-z0-9.-]+(?::[0-9]{1,5})?$"}};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
else {
const err21 = {instancePath:instancePath+"/" + i0+"/pages/" + i2,schemaPath:"#/items/properties/pages/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
}
else {
const err22 = {instancePath:instancePath+"/" + i0+"/pages",schemaPath:"#/items/properties/pages/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
}
if(data0.maxWidth !== undefined){
let data12 = data0.maxWidth;
if(!(((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12))) && (isFinite(data12)))){
const err23 = {instancePath:instancePath+"/" + i0+"/maxWidth",schemaPath:"#/items/properties/maxWidth/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
if((typeof data12 == "number") && (isFinite(data12))){
if(data12 > 8192 || isNaN(data12)){
const err24 = {instancePath:instancePath+"/" + i0+"/maxWidth",schemaPath:"#/items/properties/maxWidth/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8192}};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(data12 < 1 || isNaN(data12)){
const err25 = {instancePath:instancePath+"/" + i0+"/maxWidth",schemaPath:"#/items/properties/maxWidth/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
}
}
if(data0.widths !== undefined){
let data13 = data0.widths;
if(Array.isArray(data13)){
if(data13.length < 1){
const err26 = {instancePath:instancePath+"/" + i0+"/widths",schemaPath:"#/items/properties/widths/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
const len3 = data13.length;
for(let i3=0; i3<len3; i3++){
let data14 = data13[i3];
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
const err27 = {instancePath:instancePath+"/" + i0+"/widths/" + i3,schemaPath:"#/items/properties/widths/items/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 > 8192 || isNaN(data14)){
const err28 = {instancePath:instancePath+"/" + i0+"/widths/" + i3,schemaPath:"#/items/properties/widths/items/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8192}};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(data14 < 1 || isNaN(data14)){
const err29 = {instancePath:instancePath+"/" + i0+"/widths/" + i3,schemaPath:"#/items/properties/widths/items/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
}
}
else {
const err30 = {instancePath:instancePath+"/" + i0+"/widths",schemaPath:"#/items/properties/widths/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
}
if(data0.formats !== undefined){
let data15 = data0.formats;
if(Array.isArray(data15)){
if(data15.length < 1){
const err31 = {instancePath:instancePath+"/" + i0+"/formats",schemaPath:"#/items/properties/formats/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
const len4 = data15.length;
for(let i4=0; i4<len4; i4++){
let data16 = data15[i4];
if(typeof data16 !== "string"){
const err32 = {instancePath:instancePath+"/" + i0+"/formats/" + i4,schemaPath:"#/items/properties/formats/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
if(!((((((((((((data16 === "auto") || (data16 === "jpg")) || (data16 === "png")) || (data16 === "webp")) || (data16 === "avif")) || (data16 === "gif")) || (data16 === "tiff")) || (data16 === "json")) || (data16 === "blurhash")) || (data16 === "thumbhash")) || (data16 === "lqip")) || (data16 === "color"))){
const err33 = {instancePath:instancePath+"/" + i0+"/formats/" + i4,schemaPath:"#/items/properties/formats/items/enum",keyword:"enum",params:{allowedValues: schema33.items.properties.formats.items.enum}};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
}
}
else {
const err34 = {instancePath:instancePath+"/" + i0+"/formats",schemaPath:"#/items/properties/formats/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
}
if(data0.presets !== undefined){
let data17 = data0.presets;
if(Array.isArray(data17)){
if(data17.length < 1){
const err35 = {instancePath:instancePath+"/" + i0+"/presets",schemaPath:"#/items/properties/presets/minItems",keyword:"minItems",params:{limit: 1}};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
const len5 = data17.length;
for(let i5=0; i5<len5; i5++){
let data18 = data17[i5];
if(typeof data18 === "string"){
if(!pattern26.test(data18)){
const err36 = {instancePath:instancePath+"/" + i0+"/presets/" + i5,schemaPath:"#/items/properties/presets/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_-]{1,40}$"}};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
}
else {
const err37 = {instancePath:instancePath+"/" + i0+"/presets/" + i5,schemaPath:"#/items/properties/presets/items/type",keyword:"type",params:{type: "string"}};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
}
}
else {
const err38 = {instancePath:instancePath+"/" + i0+"/presets",schemaPath:"#/items/properties/presets/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
if(typeof data0.presetsOnly !== "boolean"){
const err39 = {instancePath:instancePath+"/" + i0+"/presetsOnly",schemaPath:"#/items/properties/presetsOnly/type",keyword:"type",params:{type: "boolean"}};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if(data0.maxAge !== undefined){
let data20 = data0.maxAge;
if(!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))){
const err40 = {instancePath:instancePath+"/" + i0+"/maxAge",schemaPath:"#/items/properties/maxAge/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 > 31536000 || isNaN(data20)){
const err41 = {instancePath:instancePath+"/" + i0+"/maxAge",schemaPath:"#/items/properties/maxAge/maximum",keyword:"maximum",params:{comparison: "<=", limit: 31536000}};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
if(data20 < 0 || isNaN(data20)){
const err42 = {instancePath:instancePath+"/" + i0+"/maxAge",schemaPath:"#/items/properties/maxAge/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0}};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
}
}
if(data0.rate !== undefined){
let data21 = data0.rate;
if(!(((typeof data21 == "number") && (!(data21 % 1) && !isNaN(data21))) && (isFinite(data21)))){
const err43 = {instancePath:instancePath+"/" + i0+"/rate",schemaPath:"#/items/properties/rate/type",keyword:"type",params:{type: "integer"}};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if((typeof data21 == "number") && (isFinite(data21))){
if(data21 > 1000000 || isNaN(data21)){
const err44 = {instancePath:instancePath+"/" + i0+"/rate",schemaPath:"#/items/properties/rate/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000000}};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
if(data21 < 1 || isNaN(data21)){
const err45 = {instancePath:instancePath+"/" + i0+"/rate",schemaPath:"#/items/properties/rate/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1}};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
}
}
}
else {
const err46 = {instancePath:instancePath+"/" + i0,schemaPath:"#/items/type",keyword:"type",params:{type: "object"}};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
}
}
else {
const err47 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "array"}};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}
validate22.evaluated = {"items":true,"dynamicProps":false,"dynamicItems":false};

