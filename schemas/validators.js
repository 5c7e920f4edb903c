// Generated from query.json, config.json and keys.json by npm run generate.
const addError = (errors, instancePath, schemaPath, params = {}) => {
const error = {instancePath,schemaPath,keyword:schemaPath.slice(schemaPath.lastIndexOf("/") + 1),params};
if(errors === null) return [error];
errors.push(error);
return errors;
};
const addPropertyError = (errors, instancePath, name, keyword) => addError(errors, instancePath + "/" + name, "#/properties/" + name + "/" + keyword);
"use strict";
export const query = validate20;
const schema31 = /* @__PURE__ */ new Set(["k","w","u","h","ar","fit","we","dpr","a","fpx","fpy","cx","cy","cw","ch","precrop","trim","tbg","pad","cbg","ro","rbg","flip","flop","bri","mod","sat","hue","con","gam","sharp","sharpf","sharpj","filt","start","stop","blur","tint","bg","mask","mbg","mtrim","r","mark","mpos","mscale","malpha","mx","my","f","q","mb","ll","il","l","af","n","page","loop","delay","hdr","meta","encoding","filename","dl","explain","maxage","v","s","exp","default","defaultfor","p"]);
const pattern4 = /* @__PURE__ */ new RegExp("^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$", "u");
const pattern6 = /* @__PURE__ */ new RegExp("^[1-9][0-9]{0,3}(?:\\.[0-9]{1,3})?:[1-9][0-9]{0,3}(?:\\.[0-9]{1,3})?$", "u");
const pattern7 = /* @__PURE__ */ new RegExp("^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$|^0%$|^center$|^right$", "u");
const pattern8 = /* @__PURE__ */ new RegExp("^(?:100|[1-9][0-9]?)(?:\\.[0-9]+)?%$|^0\\.[0-9]*[1-9][0-9]*%$|^0%$|^center$|^bottom$", "u");
const pattern11 = /* @__PURE__ */ new RegExp("^#?(?:[0-9A-Fa-f]{3,4}|[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$|^[A-Za-z]+$", "u");
const pattern12 = /* @__PURE__ */ new RegExp("^(?:[0-9]{1,4}|(?:100|[1-9]?[0-9](?:\\.[0-9]{1,3})?)%)(?:,(?:[0-9]{1,4}|(?:100|[1-9]?[0-9](?:\\.[0-9]{1,3})?)%)){0,3}$", "u");
const pattern15 = /* @__PURE__ */ new RegExp("^(?:10(?:\\.0+)?|[0-9](?:\\.[0-9]+)?)(?:,(?:10(?:\\.0+)?|[0-9](?:\\.[0-9]+)?)(?:,-?[0-9]{1,3})?)?$", "u");
const pattern21 = /* @__PURE__ */ new RegExp("^max$", "u");
const pattern22 = /* @__PURE__ */ new RegExp("^[A-Za-z0-9_-]{1,40}$", "u");
const pattern23 = /* @__PURE__ */ new RegExp("^[1-9][0-9]{1,4}(?:,[1-9][0-9]{1,4}){1,999}$", "u");
const pattern24 = /* @__PURE__ */ new RegExp("^[A-Za-z0-9._-]{1,78}$", "u");
const pattern25 = /* @__PURE__ */ new RegExp("^[1-9][0-9]{0,8}[smhdwMy]$", "u");
const pattern26 = /* @__PURE__ */ new RegExp("^[\\s\\S]{1,64}$", "u");
const pattern27 = /* @__PURE__ */ new RegExp("^[A-Za-z0-9_-]{43}$", "u");
const pattern28 = /* @__PURE__ */ new RegExp("^(?:not-found|timeout|unsupported)(?:,(?:not-found|timeout|unsupported)){0,2}$", "u");

function validate20(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
const _errs1 = errors;
let valid0 = false;
const _errs2 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.w === undefined){
vErrors = addError(vErrors,instancePath,"#/anyOf/0/required",{missingProperty: "w"});
errors++;
}
}
var _valid0 = _errs2 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs3 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.h === undefined){
vErrors = addError(vErrors,instancePath,"#/anyOf/1/required",{missingProperty: "h"});
errors++;
}
}
var _valid0 = _errs3 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs4 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.f === undefined){
vErrors = addError(vErrors,instancePath,"#/anyOf/2/required",{missingProperty: "f"});
errors++;
}
if(data.f !== undefined){
let data0 = data.f;
if(!(((((data0 === "json") || (data0 === "blurhash")) || (data0 === "thumbhash")) || (data0 === "lqip")) || (data0 === "color"))){
vErrors = addError(vErrors,instancePath+"/f","#/anyOf/2/properties/f/enum");
errors++;
}
}
}
var _valid0 = _errs4 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs6 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.cw === undefined){
vErrors = addError(vErrors,instancePath,"#/anyOf/3/required",{missingProperty: "cw"});
errors++;
}
}
var _valid0 = _errs6 === errors;
valid0 = valid0 || _valid0;
if(!valid0){
const _errs7 = errors;
if(data && typeof data == "object" && !Array.isArray(data)){
if(data.ch === undefined){
vErrors = addError(vErrors,instancePath,"#/anyOf/4/required",{missingProperty: "ch"});
errors++;
}
}
var _valid0 = _errs7 === errors;
valid0 = valid0 || _valid0;
}
}
}
}
if(!valid0){
vErrors = addError(vErrors,instancePath,"#/anyOf");
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
vErrors = addError(vErrors,instancePath,"#/required",{missingProperty: "u"});
errors++;
}
for(const key0 in data){
if(!(schema31.has(key0))){
vErrors = addError(vErrors,instancePath,"#/additionalProperties",{additionalProperty: key0});
errors++;
}
}
if(data.k !== undefined){
if(typeof data.k !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"k","type");
errors++;
}
}
if(data.w !== undefined){
let data2 = data.w;
if((!(Number.isInteger(data2))) && (typeof data2 !== "string")){
vErrors = addPropertyError(vErrors,instancePath,"w","type");
errors++;
}
if(Number.isFinite(data2)){
if(data2 > 8192 || isNaN(data2)){
vErrors = addPropertyError(vErrors,instancePath,"w","maximum");
errors++;
}
if(data2 < 1 || isNaN(data2)){
vErrors = addPropertyError(vErrors,instancePath,"w","minimum");
errors++;
}
}
if(typeof data2 === "string"){
if(!pattern4.test(data2)){
vErrors = addPropertyError(vErrors,instancePath,"w","pattern");
errors++;
}
}
}
if(data.u !== undefined){
if(typeof data.u !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"u","type");
errors++;
}
}
if(data.h !== undefined){
let data4 = data.h;
if((!(Number.isInteger(data4))) && (typeof data4 !== "string")){
vErrors = addPropertyError(vErrors,instancePath,"h","type");
errors++;
}
if(Number.isFinite(data4)){
if(data4 > 8192 || isNaN(data4)){
vErrors = addPropertyError(vErrors,instancePath,"h","maximum");
errors++;
}
if(data4 < 1 || isNaN(data4)){
vErrors = addPropertyError(vErrors,instancePath,"h","minimum");
errors++;
}
}
if(typeof data4 === "string"){
if(!pattern4.test(data4)){
vErrors = addPropertyError(vErrors,instancePath,"h","pattern");
errors++;
}
}
}
if(data.ar !== undefined){
let data5 = data.ar;
if(typeof data5 === "string"){
if(!pattern6.test(data5)){
vErrors = addPropertyError(vErrors,instancePath,"ar","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"ar","type");
errors++;
}
}
if(data.fit !== undefined){
let data6 = data.fit;
if(typeof data6 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"fit","type");
errors++;
}
if(!(((((data6 === "inside") || (data6 === "outside")) || (data6 === "cover")) || (data6 === "contain")) || (data6 === "fill"))){
vErrors = addPropertyError(vErrors,instancePath,"fit","enum");
errors++;
}
}
if(typeof data.we !== "boolean"){
vErrors = addPropertyError(vErrors,instancePath,"we","type");
errors++;
}
let data8 = data.dpr;
if(Number.isFinite(data8)){
if(data8 > 8 || isNaN(data8)){
vErrors = addPropertyError(vErrors,instancePath,"dpr","maximum");
errors++;
}
if(data8 < 1 || isNaN(data8)){
vErrors = addPropertyError(vErrors,instancePath,"dpr","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"dpr","type");
errors++;
}
let data9 = data.a;
if(typeof data9 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"a","type");
errors++;
}
if(!((((((((((((data9 === "center") || (data9 === "top")) || (data9 === "right")) || (data9 === "bottom")) || (data9 === "left")) || (data9 === "top-left")) || (data9 === "top-right")) || (data9 === "bottom-left")) || (data9 === "bottom-right")) || (data9 === "entropy")) || (data9 === "attention")) || (data9 === "focal"))){
vErrors = addPropertyError(vErrors,instancePath,"a","enum");
errors++;
}
if(data.fpx !== undefined){
let data10 = data.fpx;
if(Number.isFinite(data10)){
if(data10 > 1 || isNaN(data10)){
vErrors = addPropertyError(vErrors,instancePath,"fpx","maximum");
errors++;
}
if(data10 < 0 || isNaN(data10)){
vErrors = addPropertyError(vErrors,instancePath,"fpx","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"fpx","type");
errors++;
}
}
if(data.fpy !== undefined){
let data11 = data.fpy;
if(Number.isFinite(data11)){
if(data11 > 1 || isNaN(data11)){
vErrors = addPropertyError(vErrors,instancePath,"fpy","maximum");
errors++;
}
if(data11 < 0 || isNaN(data11)){
vErrors = addPropertyError(vErrors,instancePath,"fpy","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"fpy","type");
errors++;
}
}
if(data.cx !== undefined){
let data12 = data.cx;
if((!(Number.isInteger(data12))) && (typeof data12 !== "string")){
vErrors = addPropertyError(vErrors,instancePath,"cx","type");
errors++;
}
if(Number.isFinite(data12)){
if(data12 > 8192 || isNaN(data12)){
vErrors = addPropertyError(vErrors,instancePath,"cx","maximum");
errors++;
}
if(data12 < 0 || isNaN(data12)){
vErrors = addPropertyError(vErrors,instancePath,"cx","minimum");
errors++;
}
}
if(typeof data12 === "string"){
if(!pattern7.test(data12)){
vErrors = addPropertyError(vErrors,instancePath,"cx","pattern");
errors++;
}
}
}
if(data.cy !== undefined){
let data13 = data.cy;
if((!(Number.isInteger(data13))) && (typeof data13 !== "string")){
vErrors = addPropertyError(vErrors,instancePath,"cy","type");
errors++;
}
if(Number.isFinite(data13)){
if(data13 > 8192 || isNaN(data13)){
vErrors = addPropertyError(vErrors,instancePath,"cy","maximum");
errors++;
}
if(data13 < 0 || isNaN(data13)){
vErrors = addPropertyError(vErrors,instancePath,"cy","minimum");
errors++;
}
}
if(typeof data13 === "string"){
if(!pattern8.test(data13)){
vErrors = addPropertyError(vErrors,instancePath,"cy","pattern");
errors++;
}
}
}
if(data.cw !== undefined){
let data14 = data.cw;
if((!(Number.isInteger(data14))) && (typeof data14 !== "string")){
vErrors = addPropertyError(vErrors,instancePath,"cw","type");
errors++;
}
if(Number.isFinite(data14)){
if(data14 > 8192 || isNaN(data14)){
vErrors = addPropertyError(vErrors,instancePath,"cw","maximum");
errors++;
}
if(data14 < 1 || isNaN(data14)){
vErrors = addPropertyError(vErrors,instancePath,"cw","minimum");
errors++;
}
}
if(typeof data14 === "string"){
if(!pattern4.test(data14)){
vErrors = addPropertyError(vErrors,instancePath,"cw","pattern");
errors++;
}
}
}
if(data.ch !== undefined){
let data15 = data.ch;
if((!(Number.isInteger(data15))) && (typeof data15 !== "string")){
vErrors = addPropertyError(vErrors,instancePath,"ch","type");
errors++;
}
if(Number.isFinite(data15)){
if(data15 > 8192 || isNaN(data15)){
vErrors = addPropertyError(vErrors,instancePath,"ch","maximum");
errors++;
}
if(data15 < 1 || isNaN(data15)){
vErrors = addPropertyError(vErrors,instancePath,"ch","minimum");
errors++;
}
}
if(typeof data15 === "string"){
if(!pattern4.test(data15)){
vErrors = addPropertyError(vErrors,instancePath,"ch","pattern");
errors++;
}
}
}
if(typeof data.precrop !== "boolean"){
vErrors = addPropertyError(vErrors,instancePath,"precrop","type");
errors++;
}
if(data.trim !== undefined){
let data17 = data.trim;
if(!(Number.isInteger(data17))){
vErrors = addPropertyError(vErrors,instancePath,"trim","type");
errors++;
}
if(Number.isFinite(data17)){
if(data17 > 254 || isNaN(data17)){
vErrors = addPropertyError(vErrors,instancePath,"trim","maximum");
errors++;
}
if(data17 < 1 || isNaN(data17)){
vErrors = addPropertyError(vErrors,instancePath,"trim","minimum");
errors++;
}
}
}
if(data.tbg !== undefined){
let data18 = data.tbg;
if(typeof data18 === "string"){
if(!pattern11.test(data18)){
vErrors = addPropertyError(vErrors,instancePath,"tbg","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"tbg","type");
errors++;
}
}
if(data.pad !== undefined){
let data19 = data.pad;
if(typeof data19 === "string"){
if(!pattern12.test(data19)){
vErrors = addPropertyError(vErrors,instancePath,"pad","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"pad","type");
errors++;
}
}
if(data.cbg !== undefined){
let data20 = data.cbg;
if(typeof data20 === "string"){
if(!pattern11.test(data20)){
vErrors = addPropertyError(vErrors,instancePath,"cbg","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"cbg","type");
errors++;
}
}
let data21 = data.ro;
if(Number.isFinite(data21)){
if(data21 > 3600 || isNaN(data21)){
vErrors = addPropertyError(vErrors,instancePath,"ro","maximum");
errors++;
}
if(data21 < -3600 || isNaN(data21)){
vErrors = addPropertyError(vErrors,instancePath,"ro","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"ro","type");
errors++;
}
if(data.rbg !== undefined){
let data22 = data.rbg;
if(typeof data22 === "string"){
if(!pattern11.test(data22)){
vErrors = addPropertyError(vErrors,instancePath,"rbg","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"rbg","type");
errors++;
}
}
if(typeof data.flip !== "boolean"){
vErrors = addPropertyError(vErrors,instancePath,"flip","type");
errors++;
}
if(typeof data.flop !== "boolean"){
vErrors = addPropertyError(vErrors,instancePath,"flop","type");
errors++;
}
if(data.bri !== undefined){
let data25 = data.bri;
if(!(Number.isInteger(data25))){
vErrors = addPropertyError(vErrors,instancePath,"bri","type");
errors++;
}
if(Number.isFinite(data25)){
if(data25 > 100 || isNaN(data25)){
vErrors = addPropertyError(vErrors,instancePath,"bri","maximum");
errors++;
}
if(data25 < -100 || isNaN(data25)){
vErrors = addPropertyError(vErrors,instancePath,"bri","minimum");
errors++;
}
}
}
if(data.mod !== undefined){
let data26 = data.mod;
if(typeof data26 === "string"){
if(!pattern15.test(data26)){
vErrors = addPropertyError(vErrors,instancePath,"mod","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"mod","type");
errors++;
}
}
if(data.sat !== undefined){
let data27 = data.sat;
if(Number.isFinite(data27)){
if(data27 > 10 || isNaN(data27)){
vErrors = addPropertyError(vErrors,instancePath,"sat","maximum");
errors++;
}
if(data27 < 0 || isNaN(data27)){
vErrors = addPropertyError(vErrors,instancePath,"sat","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"sat","type");
errors++;
}
}
if(data.hue !== undefined){
let data28 = data.hue;
if(!(Number.isInteger(data28))){
vErrors = addPropertyError(vErrors,instancePath,"hue","type");
errors++;
}
if(Number.isFinite(data28)){
if(data28 > 3600 || isNaN(data28)){
vErrors = addPropertyError(vErrors,instancePath,"hue","maximum");
errors++;
}
if(data28 < -3600 || isNaN(data28)){
vErrors = addPropertyError(vErrors,instancePath,"hue","minimum");
errors++;
}
}
}
if(data.con !== undefined){
let data29 = data.con;
if(!(Number.isInteger(data29))){
vErrors = addPropertyError(vErrors,instancePath,"con","type");
errors++;
}
if(Number.isFinite(data29)){
if(data29 > 100 || isNaN(data29)){
vErrors = addPropertyError(vErrors,instancePath,"con","maximum");
errors++;
}
if(data29 < -100 || isNaN(data29)){
vErrors = addPropertyError(vErrors,instancePath,"con","minimum");
errors++;
}
}
}
if(data.gam !== undefined){
let data30 = data.gam;
if(Number.isFinite(data30)){
if(data30 > 3 || isNaN(data30)){
vErrors = addPropertyError(vErrors,instancePath,"gam","maximum");
errors++;
}
if(data30 < 1 || isNaN(data30)){
vErrors = addPropertyError(vErrors,instancePath,"gam","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"gam","type");
errors++;
}
}
if(data.sharp !== undefined){
let data31 = data.sharp;
if(Number.isFinite(data31)){
if(data31 > 10 || isNaN(data31)){
vErrors = addPropertyError(vErrors,instancePath,"sharp","maximum");
errors++;
}
if(data31 < 0.000001 || isNaN(data31)){
vErrors = addPropertyError(vErrors,instancePath,"sharp","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"sharp","type");
errors++;
}
}
if(data.sharpf !== undefined){
let data32 = data.sharpf;
if(Number.isFinite(data32)){
if(data32 > 10000 || isNaN(data32)){
vErrors = addPropertyError(vErrors,instancePath,"sharpf","maximum");
errors++;
}
if(data32 < 0 || isNaN(data32)){
vErrors = addPropertyError(vErrors,instancePath,"sharpf","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"sharpf","type");
errors++;
}
}
if(data.sharpj !== undefined){
let data33 = data.sharpj;
if(Number.isFinite(data33)){
if(data33 > 10000 || isNaN(data33)){
vErrors = addPropertyError(vErrors,instancePath,"sharpj","maximum");
errors++;
}
if(data33 < 0 || isNaN(data33)){
vErrors = addPropertyError(vErrors,instancePath,"sharpj","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"sharpj","type");
errors++;
}
}
if(data.filt !== undefined){
let data34 = data.filt;
if(typeof data34 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"filt","type");
errors++;
}
if(!((((data34 === "greyscale") || (data34 === "sepia")) || (data34 === "duotone")) || (data34 === "negate"))){
vErrors = addPropertyError(vErrors,instancePath,"filt","enum");
errors++;
}
}
if(data.start !== undefined){
let data35 = data.start;
if(typeof data35 === "string"){
if(!pattern11.test(data35)){
vErrors = addPropertyError(vErrors,instancePath,"start","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"start","type");
errors++;
}
}
if(data.stop !== undefined){
let data36 = data.stop;
if(typeof data36 === "string"){
if(!pattern11.test(data36)){
vErrors = addPropertyError(vErrors,instancePath,"stop","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"stop","type");
errors++;
}
}
if(data.blur !== undefined){
let data37 = data.blur;
if(Number.isFinite(data37)){
if(data37 > 1000 || isNaN(data37)){
vErrors = addPropertyError(vErrors,instancePath,"blur","maximum");
errors++;
}
if(data37 < 0.3 || isNaN(data37)){
vErrors = addPropertyError(vErrors,instancePath,"blur","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"blur","type");
errors++;
}
}
if(data.tint !== undefined){
let data38 = data.tint;
if(typeof data38 === "string"){
if(!pattern11.test(data38)){
vErrors = addPropertyError(vErrors,instancePath,"tint","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"tint","type");
errors++;
}
}
if(data.bg !== undefined){
let data39 = data.bg;
if(typeof data39 === "string"){
if(!pattern11.test(data39)){
vErrors = addPropertyError(vErrors,instancePath,"bg","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"bg","type");
errors++;
}
}
if(data.mask !== undefined){
let data40 = data.mask;
if(typeof data40 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"mask","type");
errors++;
}
if(!((((((((((data40 === "circle") || (data40 === "ellipse")) || (data40 === "triangle")) || (data40 === "triangle-180")) || (data40 === "pentagon")) || (data40 === "pentagon-180")) || (data40 === "hexagon")) || (data40 === "square")) || (data40 === "star")) || (data40 === "heart"))){
vErrors = addPropertyError(vErrors,instancePath,"mask","enum");
errors++;
}
}
if(data.mbg !== undefined){
let data41 = data.mbg;
if(typeof data41 === "string"){
if(!pattern11.test(data41)){
vErrors = addPropertyError(vErrors,instancePath,"mbg","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"mbg","type");
errors++;
}
}
if(typeof data.mtrim !== "boolean"){
vErrors = addPropertyError(vErrors,instancePath,"mtrim","type");
errors++;
}
if(data.r !== undefined){
let data43 = data.r;
if((!(Number.isInteger(data43))) && (typeof data43 !== "string")){
vErrors = addPropertyError(vErrors,instancePath,"r","type");
errors++;
}
if(Number.isFinite(data43)){
if(data43 > 8192 || isNaN(data43)){
vErrors = addPropertyError(vErrors,instancePath,"r","maximum");
errors++;
}
if(data43 < 1 || isNaN(data43)){
vErrors = addPropertyError(vErrors,instancePath,"r","minimum");
errors++;
}
}
if(typeof data43 === "string"){
if(!pattern21.test(data43)){
vErrors = addPropertyError(vErrors,instancePath,"r","pattern");
errors++;
}
}
}
if(data.mark !== undefined){
let data44 = data.mark;
if(typeof data44 === "string"){
if(!pattern22.test(data44)){
vErrors = addPropertyError(vErrors,instancePath,"mark","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"mark","type");
errors++;
}
}
if(data.mpos !== undefined){
let data45 = data.mpos;
if(typeof data45 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"mpos","type");
errors++;
}
if(!((((((((((data45 === "center") || (data45 === "top")) || (data45 === "right")) || (data45 === "bottom")) || (data45 === "left")) || (data45 === "top-left")) || (data45 === "top-right")) || (data45 === "bottom-left")) || (data45 === "bottom-right")) || (data45 === "tile"))){
vErrors = addPropertyError(vErrors,instancePath,"mpos","enum");
errors++;
}
}
if(data.mscale !== undefined){
let data46 = data.mscale;
if(Number.isFinite(data46)){
if(data46 > 1 || isNaN(data46)){
vErrors = addPropertyError(vErrors,instancePath,"mscale","maximum");
errors++;
}
if(data46 < 0.01 || isNaN(data46)){
vErrors = addPropertyError(vErrors,instancePath,"mscale","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"mscale","type");
errors++;
}
}
if(data.malpha !== undefined){
let data47 = data.malpha;
if(Number.isFinite(data47)){
if(data47 > 1 || isNaN(data47)){
vErrors = addPropertyError(vErrors,instancePath,"malpha","maximum");
errors++;
}
if(data47 < 0.01 || isNaN(data47)){
vErrors = addPropertyError(vErrors,instancePath,"malpha","minimum");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"malpha","type");
errors++;
}
}
if(data.mx !== undefined){
let data48 = data.mx;
if(!(Number.isInteger(data48))){
vErrors = addPropertyError(vErrors,instancePath,"mx","type");
errors++;
}
if(Number.isFinite(data48)){
if(data48 > 8192 || isNaN(data48)){
vErrors = addPropertyError(vErrors,instancePath,"mx","maximum");
errors++;
}
if(data48 < 0 || isNaN(data48)){
vErrors = addPropertyError(vErrors,instancePath,"mx","minimum");
errors++;
}
}
}
if(data.my !== undefined){
let data49 = data.my;
if(!(Number.isInteger(data49))){
vErrors = addPropertyError(vErrors,instancePath,"my","type");
errors++;
}
if(Number.isFinite(data49)){
if(data49 > 8192 || isNaN(data49)){
vErrors = addPropertyError(vErrors,instancePath,"my","maximum");
errors++;
}
if(data49 < 0 || isNaN(data49)){
vErrors = addPropertyError(vErrors,instancePath,"my","minimum");
errors++;
}
}
}
let data50 = data.f;
if(typeof data50 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"f","type");
errors++;
}
if(!(((((((((((((data50 === "auto") || (data50 === "origin")) || (data50 === "jpg")) || (data50 === "png")) || (data50 === "webp")) || (data50 === "avif")) || (data50 === "gif")) || (data50 === "tiff")) || (data50 === "json")) || (data50 === "blurhash")) || (data50 === "thumbhash")) || (data50 === "lqip")) || (data50 === "color"))){
vErrors = addPropertyError(vErrors,instancePath,"f","enum");
errors++;
}
let data51 = data.q;
if(!(Number.isInteger(data51))){
vErrors = addPropertyError(vErrors,instancePath,"q","type");
errors++;
}
if(Number.isFinite(data51)){
if(data51 > 100 || isNaN(data51)){
vErrors = addPropertyError(vErrors,instancePath,"q","maximum");
errors++;
}
if(data51 < 1 || isNaN(data51)){
vErrors = addPropertyError(vErrors,instancePath,"q","minimum");
errors++;
}
}
if(data.mb !== undefined){
let data52 = data.mb;
if(!(Number.isInteger(data52))){
vErrors = addPropertyError(vErrors,instancePath,"mb","type");
errors++;
}
if(Number.isFinite(data52)){
if(data52 > 10000000 || isNaN(data52)){
vErrors = addPropertyError(vErrors,instancePath,"mb","maximum");
errors++;
}
if(data52 < 1000 || isNaN(data52)){
vErrors = addPropertyError(vErrors,instancePath,"mb","minimum");
errors++;
}
}
}
if(typeof data.ll !== "boolean"){
vErrors = addPropertyError(vErrors,instancePath,"ll","type");
errors++;
}
if(typeof data.il !== "boolean"){
vErrors = addPropertyError(vErrors,instancePath,"il","type");
errors++;
}
if(data.l !== undefined){
let data55 = data.l;
if(!(Number.isInteger(data55))){
vErrors = addPropertyError(vErrors,instancePath,"l","type");
errors++;
}
if(Number.isFinite(data55)){
if(data55 > 9 || isNaN(data55)){
vErrors = addPropertyError(vErrors,instancePath,"l","maximum");
errors++;
}
if(data55 < 0 || isNaN(data55)){
vErrors = addPropertyError(vErrors,instancePath,"l","minimum");
errors++;
}
}
}
if(typeof data.af !== "boolean"){
vErrors = addPropertyError(vErrors,instancePath,"af","type");
errors++;
}
let data57 = data.n;
if(!(Number.isInteger(data57))){
vErrors = addPropertyError(vErrors,instancePath,"n","type");
errors++;
}
const _errs123 = errors;
const _errs124 = errors;
if(0 !== data57){
const err147 = {};
if(vErrors === null){
vErrors = [err147];
}
else {
vErrors.push(err147);
}
errors++;
}
var valid3 = _errs124 === errors;
if(valid3){
vErrors = addPropertyError(vErrors,instancePath,"n","not");
errors++;
}
else {
errors = _errs123;
if(vErrors !== null){
if(_errs123){
vErrors.length = _errs123;
}
else {
vErrors = null;
}
}
}
if(Number.isFinite(data57)){
if(data57 > 10000 || isNaN(data57)){
vErrors = addPropertyError(vErrors,instancePath,"n","maximum");
errors++;
}
if(data57 < -1 || isNaN(data57)){
vErrors = addPropertyError(vErrors,instancePath,"n","minimum");
errors++;
}
}
if(data.page !== undefined){
let data58 = data.page;
if(!(Number.isInteger(data58))){
vErrors = addPropertyError(vErrors,instancePath,"page","type");
errors++;
}
if(Number.isFinite(data58)){
if(data58 > 100000 || isNaN(data58)){
vErrors = addPropertyError(vErrors,instancePath,"page","maximum");
errors++;
}
if(data58 < -2 || isNaN(data58)){
vErrors = addPropertyError(vErrors,instancePath,"page","minimum");
errors++;
}
}
}
if(data.loop !== undefined){
let data59 = data.loop;
if(!(Number.isInteger(data59))){
vErrors = addPropertyError(vErrors,instancePath,"loop","type");
errors++;
}
if(Number.isFinite(data59)){
if(data59 > 65535 || isNaN(data59)){
vErrors = addPropertyError(vErrors,instancePath,"loop","maximum");
errors++;
}
if(data59 < 0 || isNaN(data59)){
vErrors = addPropertyError(vErrors,instancePath,"loop","minimum");
errors++;
}
}
}
if(data.delay !== undefined){
let data60 = data.delay;
if((!(Number.isInteger(data60))) && (typeof data60 !== "string")){
vErrors = addPropertyError(vErrors,instancePath,"delay","type");
errors++;
}
if(Number.isFinite(data60)){
if(data60 > 65535 || isNaN(data60)){
vErrors = addPropertyError(vErrors,instancePath,"delay","maximum");
errors++;
}
if(data60 < 20 || isNaN(data60)){
vErrors = addPropertyError(vErrors,instancePath,"delay","minimum");
errors++;
}
}
if(typeof data60 === "string"){
if(!pattern23.test(data60)){
vErrors = addPropertyError(vErrors,instancePath,"delay","pattern");
errors++;
}
}
}
let data61 = data.hdr;
if(typeof data61 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"hdr","type");
errors++;
}
if(!((data61 === "sdr") || (data61 === "keep"))){
vErrors = addPropertyError(vErrors,instancePath,"hdr","enum");
errors++;
}
let data62 = data.meta;
if(typeof data62 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"meta","type");
errors++;
}
if(!(((data62 === "none") || (data62 === "copyright")) || (data62 === "keep"))){
vErrors = addPropertyError(vErrors,instancePath,"meta","enum");
errors++;
}
if(data.encoding !== undefined){
let data63 = data.encoding;
if(typeof data63 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"encoding","type");
errors++;
}
if(!(data63 === "base64")){
vErrors = addPropertyError(vErrors,instancePath,"encoding","enum");
errors++;
}
}
if(data.filename !== undefined){
let data64 = data.filename;
if(typeof data64 === "string"){
if(!pattern24.test(data64)){
vErrors = addPropertyError(vErrors,instancePath,"filename","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"filename","type");
errors++;
}
}
if(typeof data.dl !== "boolean"){
vErrors = addPropertyError(vErrors,instancePath,"dl","type");
errors++;
}
if(typeof data.explain !== "boolean"){
vErrors = addPropertyError(vErrors,instancePath,"explain","type");
errors++;
}
if(data.maxage !== undefined){
let data67 = data.maxage;
if(typeof data67 === "string"){
if(!pattern25.test(data67)){
vErrors = addPropertyError(vErrors,instancePath,"maxage","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"maxage","type");
errors++;
}
}
if(data.v !== undefined){
let data68 = data.v;
if(typeof data68 === "string"){
if(!pattern26.test(data68)){
vErrors = addPropertyError(vErrors,instancePath,"v","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"v","type");
errors++;
}
}
if(data.s !== undefined){
let data69 = data.s;
if(typeof data69 === "string"){
if(!pattern27.test(data69)){
vErrors = addPropertyError(vErrors,instancePath,"s","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"s","type");
errors++;
}
}
if(data.exp !== undefined){
let data70 = data.exp;
if(!(Number.isInteger(data70))){
vErrors = addPropertyError(vErrors,instancePath,"exp","type");
errors++;
}
if(Number.isFinite(data70)){
if(data70 > 99999999999 || isNaN(data70)){
vErrors = addPropertyError(vErrors,instancePath,"exp","maximum");
errors++;
}
if(data70 < 1 || isNaN(data70)){
vErrors = addPropertyError(vErrors,instancePath,"exp","minimum");
errors++;
}
}
}
if(data.default !== undefined){
if(typeof data.default !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"default","type");
errors++;
}
}
if(data.defaultfor !== undefined){
let data72 = data.defaultfor;
if(typeof data72 === "string"){
if(!pattern28.test(data72)){
vErrors = addPropertyError(vErrors,instancePath,"defaultfor","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"defaultfor","type");
errors++;
}
}
if(data.p !== undefined){
let data73 = data.p;
if(typeof data73 === "string"){
if(!pattern22.test(data73)){
vErrors = addPropertyError(vErrors,instancePath,"p","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"p","type");
errors++;
}
}
}
else {
vErrors = addError(vErrors,instancePath,"#/type");
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}

export const config = validate21;
const schema32 = /* @__PURE__ */ new Set(["API_KEYS","API_KEYS_FILE","API_KEYS_SSM","API_KEYS_SECRET","API_KEYS_REFRESH","ALLOW_ANONYMOUS","SOURCE_ALLOWED_NETWORKS","SOURCE_ALLOWED_HOSTS","SOURCE_ALLOWED_BUCKETS","SOURCE_BASES","SOURCE_HEADERS","SOURCE_HEADERS_SSM","SOURCE_HEADERS_SECRET","SOURCE_S3_ENDPOINT","SOURCE_S3_REGION","SOURCE_S3_PATH_STYLE","SOURCE_S3_REQUESTER_PAYS","SOURCE_S3_ACCESS_KEY_ID","SOURCE_S3_SECRET_ACCESS_KEY","SOURCE_SVG","SOURCE_HEIC","SOURCE_MAX_BYTES","SOURCE_MAX_PIXELS","SOURCE_MAX_AVIF_PIXELS","SOURCE_MAX_HEIC_PIXELS","SOURCE_MAX_FRAMES","SOURCE_MAX_SCANS","SOURCE_MAX_REDIRECTS","SOURCE_CONNECT_TIMEOUT","SOURCE_IDLE_TIMEOUT","SOURCE_TIMEOUT","SVG_TIMEOUT","FONTS","HEIC_TIMEOUT","RESULT_MAX_SIDE","RESULT_MAX_PIXELS","RESULT_DEFAULT_AGE","RESULT_MIN_AGE","RESULT_MAX_AGE","RESULT_STALE_WHILE_REVALIDATE","RESULT_STALE_IF_ERROR","RESULT_MEMORY","SOURCE_MEMORY","MEMORY_MAX_AGE","RESULT_BUCKET","FALLBACK_STATUS","STREAMING_URL","SIZE_REQUIRED","AVIF_AUTO","SAVE_DATA_QUALITY","PRESETS","PRESETS_ONLY","BATCH_PRESETS","BATCH_RESPONSES","MARKS","MARKS_SSM","QUERY_IGNORED","COMPAT","OWN_HOSTS","VIEWER_HOST_HEADER","EDGE_KEYS","MAX_REQUESTS","MAX_WORK_MEMORY","MAX_DECODES","DEADLINE","LOG_LEVEL","SERVICE_NAME","METRICS_NAMESPACE","KEY_USAGE","HOST","PORT"]);
const pattern30 = /* @__PURE__ */ new RegExp("^[0-9A-Fa-f:.]+/[0-9]{1,3}$", "u");
const pattern31 = /* @__PURE__ */ new RegExp("^[a-z0-9][^,]+$", "u");
const pattern32 = /* @__PURE__ */ new RegExp("^[a-z][a-z0-9-]{1,31}=[^,]+$", "u");
const pattern33 = /* @__PURE__ */ new RegExp("^https?://[^\\s]+$", "u");
const pattern34 = /* @__PURE__ */ new RegExp("^[A-Za-z0-9-]{1,64}$", "u");
const pattern35 = /* @__PURE__ */ new RegExp(".", "u");
const pattern36 = /* @__PURE__ */ new RegExp("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", "u");
const pattern38 = /* @__PURE__ */ new RegExp("^[A-Za-z0-9_-]{1,40}=[^;]+$", "u");
const pattern39 = /* @__PURE__ */ new RegExp("^[A-Za-z0-9_.-]+\\*?$", "u");
const pattern40 = /* @__PURE__ */ new RegExp("^[a-z][a-z0-9-]*$", "u");
const pattern41 = /* @__PURE__ */ new RegExp("^[A-Za-z0-9_.-]{1,128}$", "u");
const pattern42 = /* @__PURE__ */ new RegExp("^[A-Za-z0-9_./#-]{1,255}$", "u");

function validate21(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
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
if(data.SIZE_REQUIRED === undefined){
data.SIZE_REQUIRED = "on";
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
if(data.BATCH_RESPONSES === undefined){
data.BATCH_RESPONSES = "streamed";
}
if(data.QUERY_IGNORED === undefined){
data.QUERY_IGNORED = ["utm_*","fbclid","gclid","msclkid","mc_eid","_"];
}
if(data.COMPAT === undefined){
data.COMPAT = [];
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
if(data.KEY_USAGE === undefined){
data.KEY_USAGE = "off";
}
if(data.HOST === undefined){
data.HOST = "127.0.0.1";
}
if(data.PORT === undefined){
data.PORT = 3000;
}
if(data.API_KEYS !== undefined){
if(typeof data.API_KEYS !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"API_KEYS","type");
errors++;
}
}
if(data.API_KEYS_FILE !== undefined){
if(typeof data.API_KEYS_FILE !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"API_KEYS_FILE","type");
errors++;
}
}
if(data.API_KEYS_SSM !== undefined){
if(typeof data.API_KEYS_SSM !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"API_KEYS_SSM","type");
errors++;
}
}
if(data.API_KEYS_SECRET !== undefined){
if(typeof data.API_KEYS_SECRET !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"API_KEYS_SECRET","type");
errors++;
}
}
let data4 = data.API_KEYS_REFRESH;
if(!(Number.isInteger(data4))){
vErrors = addPropertyError(vErrors,instancePath,"API_KEYS_REFRESH","type");
errors++;
}
if(Number.isFinite(data4)){
if(data4 > 86400 || isNaN(data4)){
vErrors = addPropertyError(vErrors,instancePath,"API_KEYS_REFRESH","maximum");
errors++;
}
if(data4 < 1 || isNaN(data4)){
vErrors = addPropertyError(vErrors,instancePath,"API_KEYS_REFRESH","minimum");
errors++;
}
}
let data5 = data.ALLOW_ANONYMOUS;
if(typeof data5 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"ALLOW_ANONYMOUS","type");
errors++;
}
if(!((data5 === "on") || (data5 === "off"))){
vErrors = addPropertyError(vErrors,instancePath,"ALLOW_ANONYMOUS","enum");
errors++;
}
let data6 = data.SOURCE_ALLOWED_NETWORKS;
if(Array.isArray(data6)){
const len0 = data6.length;
for(let i0=0; i0<len0; i0++){
let data7 = data6[i0];
if(typeof data7 === "string"){
if(!pattern30.test(data7)){
vErrors = addError(vErrors,instancePath+"/SOURCE_ALLOWED_NETWORKS/" + i0,"#/properties/SOURCE_ALLOWED_NETWORKS/items/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/SOURCE_ALLOWED_NETWORKS/" + i0,"#/properties/SOURCE_ALLOWED_NETWORKS/items/type");
errors++;
}
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_ALLOWED_NETWORKS","type");
errors++;
}
let data8 = data.SOURCE_ALLOWED_HOSTS;
if(Array.isArray(data8)){
const len1 = data8.length;
for(let i1=0; i1<len1; i1++){
if(typeof data8[i1] !== "string"){
vErrors = addError(vErrors,instancePath+"/SOURCE_ALLOWED_HOSTS/" + i1,"#/properties/SOURCE_ALLOWED_HOSTS/items/type");
errors++;
}
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_ALLOWED_HOSTS","type");
errors++;
}
let data10 = data.SOURCE_ALLOWED_BUCKETS;
if(Array.isArray(data10)){
const len2 = data10.length;
for(let i2=0; i2<len2; i2++){
let data11 = data10[i2];
if(typeof data11 === "string"){
if(!pattern31.test(data11)){
vErrors = addError(vErrors,instancePath+"/SOURCE_ALLOWED_BUCKETS/" + i2,"#/properties/SOURCE_ALLOWED_BUCKETS/items/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/SOURCE_ALLOWED_BUCKETS/" + i2,"#/properties/SOURCE_ALLOWED_BUCKETS/items/type");
errors++;
}
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_ALLOWED_BUCKETS","type");
errors++;
}
let data12 = data.SOURCE_BASES;
if(Array.isArray(data12)){
const len3 = data12.length;
for(let i3=0; i3<len3; i3++){
let data13 = data12[i3];
if(typeof data13 === "string"){
if(!pattern32.test(data13)){
vErrors = addError(vErrors,instancePath+"/SOURCE_BASES/" + i3,"#/properties/SOURCE_BASES/items/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/SOURCE_BASES/" + i3,"#/properties/SOURCE_BASES/items/type");
errors++;
}
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_BASES","type");
errors++;
}
if(data.SOURCE_HEADERS !== undefined){
if(typeof data.SOURCE_HEADERS !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_HEADERS","type");
errors++;
}
}
if(data.SOURCE_HEADERS_SSM !== undefined){
if(typeof data.SOURCE_HEADERS_SSM !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_HEADERS_SSM","type");
errors++;
}
}
if(data.SOURCE_HEADERS_SECRET !== undefined){
if(typeof data.SOURCE_HEADERS_SECRET !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_HEADERS_SECRET","type");
errors++;
}
}
if(data.SOURCE_S3_ENDPOINT !== undefined){
let data17 = data.SOURCE_S3_ENDPOINT;
if(typeof data17 === "string"){
if(!pattern33.test(data17)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_S3_ENDPOINT","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_S3_ENDPOINT","type");
errors++;
}
}
if(data.SOURCE_S3_REGION !== undefined){
let data18 = data.SOURCE_S3_REGION;
if(typeof data18 === "string"){
if(!pattern34.test(data18)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_S3_REGION","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_S3_REGION","type");
errors++;
}
}
let data19 = data.SOURCE_S3_PATH_STYLE;
if(typeof data19 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_S3_PATH_STYLE","type");
errors++;
}
if(!((data19 === "on") || (data19 === "off"))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_S3_PATH_STYLE","enum");
errors++;
}
let data20 = data.SOURCE_S3_REQUESTER_PAYS;
if(typeof data20 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_S3_REQUESTER_PAYS","type");
errors++;
}
if(!((data20 === "on") || (data20 === "off"))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_S3_REQUESTER_PAYS","enum");
errors++;
}
if(data.SOURCE_S3_ACCESS_KEY_ID !== undefined){
if(typeof data.SOURCE_S3_ACCESS_KEY_ID !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_S3_ACCESS_KEY_ID","type");
errors++;
}
}
if(data.SOURCE_S3_SECRET_ACCESS_KEY !== undefined){
if(typeof data.SOURCE_S3_SECRET_ACCESS_KEY !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_S3_SECRET_ACCESS_KEY","type");
errors++;
}
}
let data23 = data.SOURCE_SVG;
if(typeof data23 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_SVG","type");
errors++;
}
if(!((data23 === "on") || (data23 === "off"))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_SVG","enum");
errors++;
}
let data24 = data.SOURCE_HEIC;
if(typeof data24 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_HEIC","type");
errors++;
}
if(!((data24 === "on") || (data24 === "off"))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_HEIC","enum");
errors++;
}
let data25 = data.SOURCE_MAX_BYTES;
if(!(Number.isInteger(data25))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_BYTES","type");
errors++;
}
if(Number.isFinite(data25)){
if(data25 > 536870912 || isNaN(data25)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_BYTES","maximum");
errors++;
}
if(data25 < 1024 || isNaN(data25)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_BYTES","minimum");
errors++;
}
}
let data26 = data.SOURCE_MAX_PIXELS;
if(!(Number.isInteger(data26))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_PIXELS","type");
errors++;
}
if(Number.isFinite(data26)){
if(data26 > 268402689 || isNaN(data26)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_PIXELS","maximum");
errors++;
}
if(data26 < 1 || isNaN(data26)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_PIXELS","minimum");
errors++;
}
}
let data27 = data.SOURCE_MAX_AVIF_PIXELS;
if(!(Number.isInteger(data27))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_AVIF_PIXELS","type");
errors++;
}
if(Number.isFinite(data27)){
if(data27 > 268402689 || isNaN(data27)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_AVIF_PIXELS","maximum");
errors++;
}
if(data27 < 1 || isNaN(data27)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_AVIF_PIXELS","minimum");
errors++;
}
}
let data28 = data.SOURCE_MAX_HEIC_PIXELS;
if(!(Number.isInteger(data28))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_HEIC_PIXELS","type");
errors++;
}
if(Number.isFinite(data28)){
if(data28 > 268402689 || isNaN(data28)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_HEIC_PIXELS","maximum");
errors++;
}
if(data28 < 1 || isNaN(data28)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_HEIC_PIXELS","minimum");
errors++;
}
}
let data29 = data.SOURCE_MAX_FRAMES;
if(!(Number.isInteger(data29))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_FRAMES","type");
errors++;
}
if(Number.isFinite(data29)){
if(data29 > 10000 || isNaN(data29)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_FRAMES","maximum");
errors++;
}
if(data29 < 1 || isNaN(data29)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_FRAMES","minimum");
errors++;
}
}
let data30 = data.SOURCE_MAX_SCANS;
if(!(Number.isInteger(data30))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_SCANS","type");
errors++;
}
if(Number.isFinite(data30)){
if(data30 > 1000 || isNaN(data30)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_SCANS","maximum");
errors++;
}
if(data30 < 1 || isNaN(data30)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_SCANS","minimum");
errors++;
}
}
let data31 = data.SOURCE_MAX_REDIRECTS;
if(!(Number.isInteger(data31))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_REDIRECTS","type");
errors++;
}
if(Number.isFinite(data31)){
if(data31 > 10 || isNaN(data31)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_REDIRECTS","maximum");
errors++;
}
if(data31 < 0 || isNaN(data31)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MAX_REDIRECTS","minimum");
errors++;
}
}
let data32 = data.SOURCE_CONNECT_TIMEOUT;
if(!(Number.isInteger(data32))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_CONNECT_TIMEOUT","type");
errors++;
}
if(Number.isFinite(data32)){
if(data32 > 60000 || isNaN(data32)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_CONNECT_TIMEOUT","maximum");
errors++;
}
if(data32 < 10 || isNaN(data32)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_CONNECT_TIMEOUT","minimum");
errors++;
}
}
let data33 = data.SOURCE_IDLE_TIMEOUT;
if(!(Number.isInteger(data33))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_IDLE_TIMEOUT","type");
errors++;
}
if(Number.isFinite(data33)){
if(data33 > 60000 || isNaN(data33)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_IDLE_TIMEOUT","maximum");
errors++;
}
if(data33 < 10 || isNaN(data33)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_IDLE_TIMEOUT","minimum");
errors++;
}
}
let data34 = data.SOURCE_TIMEOUT;
if(!(Number.isInteger(data34))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_TIMEOUT","type");
errors++;
}
if(Number.isFinite(data34)){
if(data34 > 900000 || isNaN(data34)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_TIMEOUT","maximum");
errors++;
}
if(data34 < 10 || isNaN(data34)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_TIMEOUT","minimum");
errors++;
}
}
let data35 = data.SVG_TIMEOUT;
if(!(Number.isInteger(data35))){
vErrors = addPropertyError(vErrors,instancePath,"SVG_TIMEOUT","type");
errors++;
}
if(Number.isFinite(data35)){
if(data35 > 60000 || isNaN(data35)){
vErrors = addPropertyError(vErrors,instancePath,"SVG_TIMEOUT","maximum");
errors++;
}
if(data35 < 100 || isNaN(data35)){
vErrors = addPropertyError(vErrors,instancePath,"SVG_TIMEOUT","minimum");
errors++;
}
}
if(data.FONTS !== undefined){
let data36 = data.FONTS;
if(typeof data36 === "string"){
if(!pattern35.test(data36)){
vErrors = addPropertyError(vErrors,instancePath,"FONTS","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"FONTS","type");
errors++;
}
}
let data37 = data.HEIC_TIMEOUT;
if(!(Number.isInteger(data37))){
vErrors = addPropertyError(vErrors,instancePath,"HEIC_TIMEOUT","type");
errors++;
}
if(Number.isFinite(data37)){
if(data37 > 60000 || isNaN(data37)){
vErrors = addPropertyError(vErrors,instancePath,"HEIC_TIMEOUT","maximum");
errors++;
}
if(data37 < 100 || isNaN(data37)){
vErrors = addPropertyError(vErrors,instancePath,"HEIC_TIMEOUT","minimum");
errors++;
}
}
let data38 = data.RESULT_MAX_SIDE;
if(!(Number.isInteger(data38))){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MAX_SIDE","type");
errors++;
}
if(Number.isFinite(data38)){
if(data38 > 16383 || isNaN(data38)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MAX_SIDE","maximum");
errors++;
}
if(data38 < 1 || isNaN(data38)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MAX_SIDE","minimum");
errors++;
}
}
let data39 = data.RESULT_MAX_PIXELS;
if(!(Number.isInteger(data39))){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MAX_PIXELS","type");
errors++;
}
if(Number.isFinite(data39)){
if(data39 > 268402689 || isNaN(data39)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MAX_PIXELS","maximum");
errors++;
}
if(data39 < 1 || isNaN(data39)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MAX_PIXELS","minimum");
errors++;
}
}
let data40 = data.RESULT_DEFAULT_AGE;
if(!(Number.isInteger(data40))){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_DEFAULT_AGE","type");
errors++;
}
if(Number.isFinite(data40)){
if(data40 > 31536000 || isNaN(data40)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_DEFAULT_AGE","maximum");
errors++;
}
if(data40 < 0 || isNaN(data40)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_DEFAULT_AGE","minimum");
errors++;
}
}
let data41 = data.RESULT_MIN_AGE;
if(!(Number.isInteger(data41))){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MIN_AGE","type");
errors++;
}
if(Number.isFinite(data41)){
if(data41 > 31536000 || isNaN(data41)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MIN_AGE","maximum");
errors++;
}
if(data41 < 0 || isNaN(data41)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MIN_AGE","minimum");
errors++;
}
}
let data42 = data.RESULT_MAX_AGE;
if(!(Number.isInteger(data42))){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MAX_AGE","type");
errors++;
}
if(Number.isFinite(data42)){
if(data42 > 31536000 || isNaN(data42)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MAX_AGE","maximum");
errors++;
}
if(data42 < 0 || isNaN(data42)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MAX_AGE","minimum");
errors++;
}
}
let data43 = data.RESULT_STALE_WHILE_REVALIDATE;
if(!(Number.isInteger(data43))){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_STALE_WHILE_REVALIDATE","type");
errors++;
}
if(Number.isFinite(data43)){
if(data43 > 31536000 || isNaN(data43)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_STALE_WHILE_REVALIDATE","maximum");
errors++;
}
if(data43 < 0 || isNaN(data43)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_STALE_WHILE_REVALIDATE","minimum");
errors++;
}
}
let data44 = data.RESULT_STALE_IF_ERROR;
if(!(Number.isInteger(data44))){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_STALE_IF_ERROR","type");
errors++;
}
if(Number.isFinite(data44)){
if(data44 > 31536000 || isNaN(data44)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_STALE_IF_ERROR","maximum");
errors++;
}
if(data44 < 0 || isNaN(data44)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_STALE_IF_ERROR","minimum");
errors++;
}
}
let data45 = data.RESULT_MEMORY;
if(!(Number.isInteger(data45))){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MEMORY","type");
errors++;
}
if(Number.isFinite(data45)){
if(data45 > 8589934592 || isNaN(data45)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MEMORY","maximum");
errors++;
}
if(data45 < 0 || isNaN(data45)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_MEMORY","minimum");
errors++;
}
}
let data46 = data.SOURCE_MEMORY;
if(!(Number.isInteger(data46))){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MEMORY","type");
errors++;
}
if(Number.isFinite(data46)){
if(data46 > 8589934592 || isNaN(data46)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MEMORY","maximum");
errors++;
}
if(data46 < 0 || isNaN(data46)){
vErrors = addPropertyError(vErrors,instancePath,"SOURCE_MEMORY","minimum");
errors++;
}
}
let data47 = data.MEMORY_MAX_AGE;
if(!(Number.isInteger(data47))){
vErrors = addPropertyError(vErrors,instancePath,"MEMORY_MAX_AGE","type");
errors++;
}
if(Number.isFinite(data47)){
if(data47 > 31536000 || isNaN(data47)){
vErrors = addPropertyError(vErrors,instancePath,"MEMORY_MAX_AGE","maximum");
errors++;
}
if(data47 < 0 || isNaN(data47)){
vErrors = addPropertyError(vErrors,instancePath,"MEMORY_MAX_AGE","minimum");
errors++;
}
}
if(data.RESULT_BUCKET !== undefined){
let data48 = data.RESULT_BUCKET;
if(typeof data48 === "string"){
if(!pattern36.test(data48)){
vErrors = addPropertyError(vErrors,instancePath,"RESULT_BUCKET","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"RESULT_BUCKET","type");
errors++;
}
}
let data49 = data.FALLBACK_STATUS;
if(typeof data49 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"FALLBACK_STATUS","type");
errors++;
}
if(!((data49 === "true") || (data49 === "200"))){
vErrors = addPropertyError(vErrors,instancePath,"FALLBACK_STATUS","enum");
errors++;
}
if(data.STREAMING_URL !== undefined){
let data50 = data.STREAMING_URL;
if(typeof data50 === "string"){
if(!pattern33.test(data50)){
vErrors = addPropertyError(vErrors,instancePath,"STREAMING_URL","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"STREAMING_URL","type");
errors++;
}
}
let data51 = data.SIZE_REQUIRED;
if(typeof data51 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"SIZE_REQUIRED","type");
errors++;
}
if(!((data51 === "on") || (data51 === "off"))){
vErrors = addPropertyError(vErrors,instancePath,"SIZE_REQUIRED","enum");
errors++;
}
let data52 = data.AVIF_AUTO;
if(typeof data52 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"AVIF_AUTO","type");
errors++;
}
if(!((data52 === "on") || (data52 === "off"))){
vErrors = addPropertyError(vErrors,instancePath,"AVIF_AUTO","enum");
errors++;
}
if(data.SAVE_DATA_QUALITY !== undefined){
let data53 = data.SAVE_DATA_QUALITY;
if(!(Number.isInteger(data53))){
vErrors = addPropertyError(vErrors,instancePath,"SAVE_DATA_QUALITY","type");
errors++;
}
if(Number.isFinite(data53)){
if(data53 > 80 || isNaN(data53)){
vErrors = addPropertyError(vErrors,instancePath,"SAVE_DATA_QUALITY","maximum");
errors++;
}
if(data53 < 1 || isNaN(data53)){
vErrors = addPropertyError(vErrors,instancePath,"SAVE_DATA_QUALITY","minimum");
errors++;
}
}
}
let data54 = data.PRESETS;
if(Array.isArray(data54)){
const len4 = data54.length;
for(let i4=0; i4<len4; i4++){
let data55 = data54[i4];
if(typeof data55 === "string"){
if(!pattern38.test(data55)){
vErrors = addError(vErrors,instancePath+"/PRESETS/" + i4,"#/properties/PRESETS/items/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/PRESETS/" + i4,"#/properties/PRESETS/items/type");
errors++;
}
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"PRESETS","type");
errors++;
}
let data56 = data.PRESETS_ONLY;
if(typeof data56 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"PRESETS_ONLY","type");
errors++;
}
if(!((data56 === "on") || (data56 === "off"))){
vErrors = addPropertyError(vErrors,instancePath,"PRESETS_ONLY","enum");
errors++;
}
if(data.BATCH_PRESETS !== undefined){
if(typeof data.BATCH_PRESETS !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"BATCH_PRESETS","type");
errors++;
}
}
let data58 = data.BATCH_RESPONSES;
if(typeof data58 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"BATCH_RESPONSES","type");
errors++;
}
if(!(((data58 === "streamed") || (data58 === "buffered")) || (data58 === "both"))){
vErrors = addPropertyError(vErrors,instancePath,"BATCH_RESPONSES","enum");
errors++;
}
if(data.MARKS !== undefined){
if(typeof data.MARKS !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"MARKS","type");
errors++;
}
}
if(data.MARKS_SSM !== undefined){
if(typeof data.MARKS_SSM !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"MARKS_SSM","type");
errors++;
}
}
let data61 = data.QUERY_IGNORED;
if(Array.isArray(data61)){
const len5 = data61.length;
for(let i5=0; i5<len5; i5++){
let data62 = data61[i5];
if(typeof data62 === "string"){
if(!pattern39.test(data62)){
vErrors = addError(vErrors,instancePath+"/QUERY_IGNORED/" + i5,"#/properties/QUERY_IGNORED/items/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/QUERY_IGNORED/" + i5,"#/properties/QUERY_IGNORED/items/type");
errors++;
}
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"QUERY_IGNORED","type");
errors++;
}
let data63 = data.COMPAT;
if(Array.isArray(data63)){
const len6 = data63.length;
for(let i6=0; i6<len6; i6++){
let data64 = data63[i6];
if(typeof data64 !== "string"){
vErrors = addError(vErrors,instancePath+"/COMPAT/" + i6,"#/properties/COMPAT/items/type");
errors++;
}
if(!((((((((data64 === "next") || (data64 === "cloudflare")) || (data64 === "ipx")) || (data64 === "wsrv")) || (data64 === "imgproxy")) || (data64 === "thumbor")) || (data64 === "imagor")) || (data64 === "dit"))){
vErrors = addError(vErrors,instancePath+"/COMPAT/" + i6,"#/properties/COMPAT/items/enum");
errors++;
}
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"COMPAT","type");
errors++;
}
let data65 = data.OWN_HOSTS;
if(Array.isArray(data65)){
const len7 = data65.length;
for(let i7=0; i7<len7; i7++){
if(typeof data65[i7] !== "string"){
vErrors = addError(vErrors,instancePath+"/OWN_HOSTS/" + i7,"#/properties/OWN_HOSTS/items/type");
errors++;
}
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"OWN_HOSTS","type");
errors++;
}
if(data.VIEWER_HOST_HEADER !== undefined){
let data67 = data.VIEWER_HOST_HEADER;
if(typeof data67 === "string"){
if(!pattern40.test(data67)){
vErrors = addPropertyError(vErrors,instancePath,"VIEWER_HOST_HEADER","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"VIEWER_HOST_HEADER","type");
errors++;
}
}
let data68 = data.EDGE_KEYS;
if(typeof data68 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"EDGE_KEYS","type");
errors++;
}
if(!((data68 === "on") || (data68 === "off"))){
vErrors = addPropertyError(vErrors,instancePath,"EDGE_KEYS","enum");
errors++;
}
let data69 = data.MAX_REQUESTS;
if(!(Number.isInteger(data69))){
vErrors = addPropertyError(vErrors,instancePath,"MAX_REQUESTS","type");
errors++;
}
if(Number.isFinite(data69)){
if(data69 > 10000 || isNaN(data69)){
vErrors = addPropertyError(vErrors,instancePath,"MAX_REQUESTS","maximum");
errors++;
}
if(data69 < 0 || isNaN(data69)){
vErrors = addPropertyError(vErrors,instancePath,"MAX_REQUESTS","minimum");
errors++;
}
}
let data70 = data.MAX_WORK_MEMORY;
if(!(Number.isInteger(data70))){
vErrors = addPropertyError(vErrors,instancePath,"MAX_WORK_MEMORY","type");
errors++;
}
if(Number.isFinite(data70)){
if(data70 > 68719476736 || isNaN(data70)){
vErrors = addPropertyError(vErrors,instancePath,"MAX_WORK_MEMORY","maximum");
errors++;
}
if(data70 < 0 || isNaN(data70)){
vErrors = addPropertyError(vErrors,instancePath,"MAX_WORK_MEMORY","minimum");
errors++;
}
}
let data71 = data.MAX_DECODES;
if(!(Number.isInteger(data71))){
vErrors = addPropertyError(vErrors,instancePath,"MAX_DECODES","type");
errors++;
}
if(Number.isFinite(data71)){
if(data71 > 256 || isNaN(data71)){
vErrors = addPropertyError(vErrors,instancePath,"MAX_DECODES","maximum");
errors++;
}
if(data71 < 0 || isNaN(data71)){
vErrors = addPropertyError(vErrors,instancePath,"MAX_DECODES","minimum");
errors++;
}
}
let data72 = data.DEADLINE;
if(!(Number.isInteger(data72))){
vErrors = addPropertyError(vErrors,instancePath,"DEADLINE","type");
errors++;
}
if(Number.isFinite(data72)){
if(data72 > 900000 || isNaN(data72)){
vErrors = addPropertyError(vErrors,instancePath,"DEADLINE","maximum");
errors++;
}
if(data72 < 1100 || isNaN(data72)){
vErrors = addPropertyError(vErrors,instancePath,"DEADLINE","minimum");
errors++;
}
}
let data73 = data.LOG_LEVEL;
if(typeof data73 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"LOG_LEVEL","type");
errors++;
}
if(!((((data73 === "debug") || (data73 === "info")) || (data73 === "warn")) || (data73 === "error"))){
vErrors = addPropertyError(vErrors,instancePath,"LOG_LEVEL","enum");
errors++;
}
let data74 = data.SERVICE_NAME;
if(typeof data74 === "string"){
if(!pattern41.test(data74)){
vErrors = addPropertyError(vErrors,instancePath,"SERVICE_NAME","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"SERVICE_NAME","type");
errors++;
}
if(data.METRICS_NAMESPACE !== undefined){
let data75 = data.METRICS_NAMESPACE;
if(typeof data75 === "string"){
if(!pattern42.test(data75)){
vErrors = addPropertyError(vErrors,instancePath,"METRICS_NAMESPACE","pattern");
errors++;
}
}
else {
vErrors = addPropertyError(vErrors,instancePath,"METRICS_NAMESPACE","type");
errors++;
}
}
let data76 = data.KEY_USAGE;
if(typeof data76 !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"KEY_USAGE","type");
errors++;
}
if(!((data76 === "on") || (data76 === "off"))){
vErrors = addPropertyError(vErrors,instancePath,"KEY_USAGE","enum");
errors++;
}
if(typeof data.HOST !== "string"){
vErrors = addPropertyError(vErrors,instancePath,"HOST","type");
errors++;
}
let data78 = data.PORT;
if(!(Number.isInteger(data78))){
vErrors = addPropertyError(vErrors,instancePath,"PORT","type");
errors++;
}
if(Number.isFinite(data78)){
if(data78 > 65535 || isNaN(data78)){
vErrors = addPropertyError(vErrors,instancePath,"PORT","maximum");
errors++;
}
if(data78 < 0 || isNaN(data78)){
vErrors = addPropertyError(vErrors,instancePath,"PORT","minimum");
errors++;
}
}
}
else {
vErrors = addError(vErrors,instancePath,"#/type");
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}

export const keys = validate22;
const schema33 = /* @__PURE__ */ new Set(["id","mode","sha256","secret","salt","notBefore","notAfter","disabled","sources","pages","maxWidth","widths","formats","presets","presetsOnly","mark","maxAge","rate"]);
const pattern43 = /* @__PURE__ */ new RegExp("^[A-Za-z0-9_.-]{1,64}$", "u");
const pattern44 = /* @__PURE__ */ new RegExp("^[0-9a-f]{64}$", "u");
const pattern45 = /* @__PURE__ */ new RegExp("^(?:pxg_)?[A-Za-z0-9_-]{22,512}$", "u");
const pattern46 = /* @__PURE__ */ new RegExp("^(?:[0-9A-Fa-f]{2}){1,256}$", "u");
const pattern47 = /* @__PURE__ */ new RegExp("^[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9:.]+(?:Z|[+-][0-9]{2}:[0-9]{2}))?$", "u");
const pattern49 = /* @__PURE__ */ new RegExp("^https?://(?:[*][.])?[A-Za-z0-9.-]+(?::[0-9]{1,5})?$", "u");

function validate22(data, {instancePath="", parentData, parentDataProperty, rootData=data, dynamicAnchors={}}={}){
let vErrors = null;
let errors = 0;
if(Array.isArray(data)){
if(data.length < 1){
vErrors = addError(vErrors,instancePath,"#/minItems");
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
vErrors = addError(vErrors,instancePath+"/" + i0,"#/items/required",{missingProperty: "id"});
errors++;
}
for(const key0 in data0){
if(!(schema33.has(key0))){
vErrors = addError(vErrors,instancePath+"/" + i0,"#/items/additionalProperties",{additionalProperty: key0});
errors++;
}
}
if(data0.id !== undefined){
let data1 = data0.id;
if(typeof data1 === "string"){
if(!pattern43.test(data1)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/id","#/items/properties/id/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/id","#/items/properties/id/type");
errors++;
}
}
let data2 = data0.mode;
if(typeof data2 !== "string"){
vErrors = addError(vErrors,instancePath+"/" + i0+"/mode","#/items/properties/mode/type");
errors++;
}
if(!(((data2 === "plain") || (data2 === "signed")) || (data2 === "imgproxy"))){
vErrors = addError(vErrors,instancePath+"/" + i0+"/mode","#/items/properties/mode/enum");
errors++;
}
if(data0.sha256 !== undefined){
let data3 = data0.sha256;
if(typeof data3 === "string"){
if(!pattern44.test(data3)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/sha256","#/items/properties/sha256/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/sha256","#/items/properties/sha256/type");
errors++;
}
}
if(data0.secret !== undefined){
let data4 = data0.secret;
if(typeof data4 === "string"){
if(!pattern45.test(data4)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/secret","#/items/properties/secret/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/secret","#/items/properties/secret/type");
errors++;
}
}
if(data0.salt !== undefined){
let data5 = data0.salt;
if(typeof data5 === "string"){
if(!pattern46.test(data5)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/salt","#/items/properties/salt/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/salt","#/items/properties/salt/type");
errors++;
}
}
if(data0.notBefore !== undefined){
let data6 = data0.notBefore;
if(typeof data6 === "string"){
if(!pattern47.test(data6)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/notBefore","#/items/properties/notBefore/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/notBefore","#/items/properties/notBefore/type");
errors++;
}
}
if(data0.notAfter !== undefined){
let data7 = data0.notAfter;
if(typeof data7 === "string"){
if(!pattern47.test(data7)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/notAfter","#/items/properties/notAfter/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/notAfter","#/items/properties/notAfter/type");
errors++;
}
}
if(typeof data0.disabled !== "boolean"){
vErrors = addError(vErrors,instancePath+"/" + i0+"/disabled","#/items/properties/disabled/type");
errors++;
}
if(data0.sources !== undefined){
let data9 = data0.sources;
if(Array.isArray(data9)){
if(data9.length < 1){
vErrors = addError(vErrors,instancePath+"/" + i0+"/sources","#/items/properties/sources/minItems");
errors++;
}
const len1 = data9.length;
for(let i1=0; i1<len1; i1++){
if(typeof data9[i1] !== "string"){
vErrors = addError(vErrors,instancePath+"/" + i0+"/sources/" + i1,"#/items/properties/sources/items/type");
errors++;
}
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/sources","#/items/properties/sources/type");
errors++;
}
}
if(data0.pages !== undefined){
let data11 = data0.pages;
if(Array.isArray(data11)){
if(data11.length < 1){
vErrors = addError(vErrors,instancePath+"/" + i0+"/pages","#/items/properties/pages/minItems");
errors++;
}
const len2 = data11.length;
for(let i2=0; i2<len2; i2++){
let data12 = data11[i2];
if(typeof data12 === "string"){
if(!pattern49.test(data12)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/pages/" + i2,"#/items/properties/pages/items/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/pages/" + i2,"#/items/properties/pages/items/type");
errors++;
}
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/pages","#/items/properties/pages/type");
errors++;
}
}
if(data0.maxWidth !== undefined){
let data13 = data0.maxWidth;
if(!(Number.isInteger(data13))){
vErrors = addError(vErrors,instancePath+"/" + i0+"/maxWidth","#/items/properties/maxWidth/type");
errors++;
}
if(Number.isFinite(data13)){
if(data13 > 8192 || isNaN(data13)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/maxWidth","#/items/properties/maxWidth/maximum");
errors++;
}
if(data13 < 1 || isNaN(data13)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/maxWidth","#/items/properties/maxWidth/minimum");
errors++;
}
}
}
if(data0.widths !== undefined){
let data14 = data0.widths;
if(Array.isArray(data14)){
if(data14.length < 1){
vErrors = addError(vErrors,instancePath+"/" + i0+"/widths","#/items/properties/widths/minItems");
errors++;
}
const len3 = data14.length;
for(let i3=0; i3<len3; i3++){
let data15 = data14[i3];
if(!(Number.isInteger(data15))){
vErrors = addError(vErrors,instancePath+"/" + i0+"/widths/" + i3,"#/items/properties/widths/items/type");
errors++;
}
if(Number.isFinite(data15)){
if(data15 > 8192 || isNaN(data15)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/widths/" + i3,"#/items/properties/widths/items/maximum");
errors++;
}
if(data15 < 1 || isNaN(data15)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/widths/" + i3,"#/items/properties/widths/items/minimum");
errors++;
}
}
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/widths","#/items/properties/widths/type");
errors++;
}
}
if(data0.formats !== undefined){
let data16 = data0.formats;
if(Array.isArray(data16)){
if(data16.length < 1){
vErrors = addError(vErrors,instancePath+"/" + i0+"/formats","#/items/properties/formats/minItems");
errors++;
}
const len4 = data16.length;
for(let i4=0; i4<len4; i4++){
let data17 = data16[i4];
if(typeof data17 !== "string"){
vErrors = addError(vErrors,instancePath+"/" + i0+"/formats/" + i4,"#/items/properties/formats/items/type");
errors++;
}
if(!(((((((((((((data17 === "auto") || (data17 === "origin")) || (data17 === "jpg")) || (data17 === "png")) || (data17 === "webp")) || (data17 === "avif")) || (data17 === "gif")) || (data17 === "tiff")) || (data17 === "json")) || (data17 === "blurhash")) || (data17 === "thumbhash")) || (data17 === "lqip")) || (data17 === "color"))){
vErrors = addError(vErrors,instancePath+"/" + i0+"/formats/" + i4,"#/items/properties/formats/items/enum");
errors++;
}
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/formats","#/items/properties/formats/type");
errors++;
}
}
if(data0.presets !== undefined){
let data18 = data0.presets;
if(Array.isArray(data18)){
if(data18.length < 1){
vErrors = addError(vErrors,instancePath+"/" + i0+"/presets","#/items/properties/presets/minItems");
errors++;
}
const len5 = data18.length;
for(let i5=0; i5<len5; i5++){
let data19 = data18[i5];
if(typeof data19 === "string"){
if(!pattern22.test(data19)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/presets/" + i5,"#/items/properties/presets/items/pattern");
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/presets/" + i5,"#/items/properties/presets/items/type");
errors++;
}
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/presets","#/items/properties/presets/type");
errors++;
}
}
if(typeof data0.presetsOnly !== "boolean"){
vErrors = addError(vErrors,instancePath+"/" + i0+"/presetsOnly","#/items/properties/presetsOnly/type");
errors++;
}
if(data0.mark !== undefined){
let data21 = data0.mark;
if(data21 && typeof data21 == "object" && !Array.isArray(data21)){
if(data21.name === undefined){
vErrors = addError(vErrors,instancePath+"/" + i0+"/mark","#/items/properties/mark/required",{missingProperty: "name"});
errors++;
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0+"/mark","#/items/properties/mark/type");
errors++;
}
}
if(data0.maxAge !== undefined){
let data22 = data0.maxAge;
if(!(Number.isInteger(data22))){
vErrors = addError(vErrors,instancePath+"/" + i0+"/maxAge","#/items/properties/maxAge/type");
errors++;
}
if(Number.isFinite(data22)){
if(data22 > 31536000 || isNaN(data22)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/maxAge","#/items/properties/maxAge/maximum");
errors++;
}
if(data22 < 0 || isNaN(data22)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/maxAge","#/items/properties/maxAge/minimum");
errors++;
}
}
}
if(data0.rate !== undefined){
let data23 = data0.rate;
if(!(Number.isInteger(data23))){
vErrors = addError(vErrors,instancePath+"/" + i0+"/rate","#/items/properties/rate/type");
errors++;
}
if(Number.isFinite(data23)){
if(data23 > 1000000 || isNaN(data23)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/rate","#/items/properties/rate/maximum");
errors++;
}
if(data23 < 1 || isNaN(data23)){
vErrors = addError(vErrors,instancePath+"/" + i0+"/rate","#/items/properties/rate/minimum");
errors++;
}
}
}
}
else {
vErrors = addError(vErrors,instancePath+"/" + i0,"#/items/type");
errors++;
}
}
}
else {
vErrors = addError(vErrors,instancePath,"#/type");
errors++;
}
validate22.errors = vErrors;
return errors === 0;
}

