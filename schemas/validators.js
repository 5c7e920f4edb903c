// Made from query.json and config.json by npm run generate.
"use strict";
export const query = validate20;
const schema31 = {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"ImageOptions","type":"object","additionalProperties":false,"required":["u","f","fit","q","dpr","we"],"anyOf":[{"required":["w"]},{"required":["h"]}],"properties":{"k":{"type":"string"},"w":{"type":"integer","minimum":1,"maximum":8192},"u":{"type":"string"},"h":{"type":"integer","minimum":1,"maximum":8192},"fit":{"type":"string","enum":["inside","outside","cover","contain","fill"],"default":"inside"},"dpr":{"type":"number","minimum":1,"maximum":8,"default":1},"we":{"type":"boolean","default":false},"f":{"type":"string","enum":["auto","jpg","png","webp","avif","gif"],"default":"auto"},"q":{"type":"integer","minimum":1,"maximum":100,"default":80}}};
const func1 = Object.prototype.hasOwnProperty;

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
const err0 = {instancePath,schemaPath:"#/anyOf/0/required",keyword:"required",params:{missingProperty: "w"},message:"must have required property '"+"w"+"'"};
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
const err1 = {instancePath,schemaPath:"#/anyOf/1/required",keyword:"required",params:{missingProperty: "h"},message:"must have required property '"+"h"+"'"};
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
if(!valid0){
const err2 = {instancePath,schemaPath:"#/anyOf",keyword:"anyOf",params:{},message:"must match a schema in anyOf"};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
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
if(data.fit === undefined){
data.fit = "inside";
}
if(data.dpr === undefined){
data.dpr = 1;
}
if(data.we === undefined){
data.we = false;
}
if(data.f === undefined){
data.f = "auto";
}
if(data.q === undefined){
data.q = 80;
}
if(data.u === undefined){
const err3 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "u"},message:"must have required property '"+"u"+"'"};
if(vErrors === null){
vErrors = [err3];
}
else {
vErrors.push(err3);
}
errors++;
}
if(data.f === undefined){
const err4 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "f"},message:"must have required property '"+"f"+"'"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
if(data.fit === undefined){
const err5 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "fit"},message:"must have required property '"+"fit"+"'"};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
if(data.q === undefined){
const err6 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "q"},message:"must have required property '"+"q"+"'"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
if(data.dpr === undefined){
const err7 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "dpr"},message:"must have required property '"+"dpr"+"'"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
if(data.we === undefined){
const err8 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "we"},message:"must have required property '"+"we"+"'"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
for(const key0 in data){
if(!(func1.call(schema31.properties, key0))){
const err9 = {instancePath,schemaPath:"#/additionalProperties",keyword:"additionalProperties",params:{additionalProperty: key0},message:"must NOT have additional properties"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
}
if(data.k !== undefined){
if(typeof data.k !== "string"){
const err10 = {instancePath:instancePath+"/k",schemaPath:"#/properties/k/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
if(data.w !== undefined){
let data1 = data.w;
if(!(((typeof data1 == "number") && (!(data1 % 1) && !isNaN(data1))) && (isFinite(data1)))){
const err11 = {instancePath:instancePath+"/w",schemaPath:"#/properties/w/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
if((typeof data1 == "number") && (isFinite(data1))){
if(data1 > 8192 || isNaN(data1)){
const err12 = {instancePath:instancePath+"/w",schemaPath:"#/properties/w/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8192},message:"must be <= 8192"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
if(data1 < 1 || isNaN(data1)){
const err13 = {instancePath:instancePath+"/w",schemaPath:"#/properties/w/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
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
const err14 = {instancePath:instancePath+"/u",schemaPath:"#/properties/u/type",keyword:"type",params:{type: "string"},message:"must be string"};
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
let data3 = data.h;
if(!(((typeof data3 == "number") && (!(data3 % 1) && !isNaN(data3))) && (isFinite(data3)))){
const err15 = {instancePath:instancePath+"/h",schemaPath:"#/properties/h/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if((typeof data3 == "number") && (isFinite(data3))){
if(data3 > 8192 || isNaN(data3)){
const err16 = {instancePath:instancePath+"/h",schemaPath:"#/properties/h/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8192},message:"must be <= 8192"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data3 < 1 || isNaN(data3)){
const err17 = {instancePath:instancePath+"/h",schemaPath:"#/properties/h/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
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
let data4 = data.fit;
if(typeof data4 !== "string"){
const err18 = {instancePath:instancePath+"/fit",schemaPath:"#/properties/fit/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if(!(((((data4 === "inside") || (data4 === "outside")) || (data4 === "cover")) || (data4 === "contain")) || (data4 === "fill"))){
const err19 = {instancePath:instancePath+"/fit",schemaPath:"#/properties/fit/enum",keyword:"enum",params:{allowedValues: schema31.properties.fit.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
let data5 = data.dpr;
if((typeof data5 == "number") && (isFinite(data5))){
if(data5 > 8 || isNaN(data5)){
const err20 = {instancePath:instancePath+"/dpr",schemaPath:"#/properties/dpr/maximum",keyword:"maximum",params:{comparison: "<=", limit: 8},message:"must be <= 8"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
if(data5 < 1 || isNaN(data5)){
const err21 = {instancePath:instancePath+"/dpr",schemaPath:"#/properties/dpr/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
}
else {
const err22 = {instancePath:instancePath+"/dpr",schemaPath:"#/properties/dpr/type",keyword:"type",params:{type: "number"},message:"must be number"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(typeof data.we !== "boolean"){
const err23 = {instancePath:instancePath+"/we",schemaPath:"#/properties/we/type",keyword:"type",params:{type: "boolean"},message:"must be boolean"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
let data7 = data.f;
if(typeof data7 !== "string"){
const err24 = {instancePath:instancePath+"/f",schemaPath:"#/properties/f/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if(!((((((data7 === "auto") || (data7 === "jpg")) || (data7 === "png")) || (data7 === "webp")) || (data7 === "avif")) || (data7 === "gif"))){
const err25 = {instancePath:instancePath+"/f",schemaPath:"#/properties/f/enum",keyword:"enum",params:{allowedValues: schema31.properties.f.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
let data8 = data.q;
if(!(((typeof data8 == "number") && (!(data8 % 1) && !isNaN(data8))) && (isFinite(data8)))){
const err26 = {instancePath:instancePath+"/q",schemaPath:"#/properties/q/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
if((typeof data8 == "number") && (isFinite(data8))){
if(data8 > 100 || isNaN(data8)){
const err27 = {instancePath:instancePath+"/q",schemaPath:"#/properties/q/maximum",keyword:"maximum",params:{comparison: "<=", limit: 100},message:"must be <= 100"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if(data8 < 1 || isNaN(data8)){
const err28 = {instancePath:instancePath+"/q",schemaPath:"#/properties/q/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
}
}
else {
const err29 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
validate20.errors = vErrors;
return errors === 0;
}
validate20.evaluated = {"props":true,"dynamicProps":false,"dynamicItems":false};

export const config = validate21;
const schema32 = {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Config","type":"object","required":["API_KEYS"],"properties":{"API_KEYS":{"type":"array","minItems":1,"items":{"type":"string","pattern":"^[A-Za-z0-9_.-]+:[^\\s:,]+$"}},"SOURCE_ALLOWED_NETWORKS":{"type":"array","items":{"type":"string","pattern":"^[0-9A-Fa-f:.]+/[0-9]{1,3}$"},"default":[]},"SOURCE_ALLOWED_HOSTS":{"type":"array","items":{"type":"string"},"default":[]},"SOURCE_ALLOWED_BUCKETS":{"type":"array","items":{"type":"string","pattern":"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"},"default":[]},"SOURCE_SVG":{"type":"string","enum":["on","off"],"default":"on"},"SOURCE_MAX_BYTES":{"type":"integer","minimum":1024,"maximum":536870912,"default":52428800},"SOURCE_MAX_PIXELS":{"type":"integer","minimum":1,"maximum":268402689,"default":50000000},"SOURCE_MAX_AVIF_PIXELS":{"type":"integer","minimum":1,"maximum":268402689,"default":16000000},"SOURCE_MAX_FRAMES":{"type":"integer","minimum":1,"maximum":10000,"default":100},"SOURCE_MAX_SCANS":{"type":"integer","minimum":1,"maximum":1000,"default":32},"SOURCE_MAX_REDIRECTS":{"type":"integer","minimum":0,"maximum":10,"default":3},"SOURCE_CONNECT_TIMEOUT":{"type":"integer","minimum":10,"maximum":60000,"default":3000},"SOURCE_IDLE_TIMEOUT":{"type":"integer","minimum":10,"maximum":60000,"default":5000},"SOURCE_TIMEOUT":{"type":"integer","minimum":10,"maximum":900000,"default":10000},"DRAWING_TIMEOUT":{"type":"integer","minimum":100,"maximum":60000,"default":5000},"RESULT_MAX_SIDE":{"type":"integer","minimum":1,"maximum":16383,"default":8192},"RESULT_MAX_PIXELS":{"type":"integer","minimum":1,"maximum":268402689,"default":25000000},"RESULT_MAX_AGE":{"type":"integer","minimum":0,"maximum":31536000,"default":86400},"OWN_HOSTS":{"type":"array","items":{"type":"string"},"default":[]},"MAX_REQUESTS":{"type":"integer","minimum":1,"maximum":10000,"default":64},"MAX_DECODES":{"type":"integer","minimum":0,"maximum":256,"default":0},"DEADLINE":{"type":"integer","minimum":1100,"maximum":900000,"default":28000},"HOST":{"type":"string","default":"127.0.0.1"},"PORT":{"type":"integer","minimum":0,"maximum":65535,"default":3000}}};
const pattern4 = new RegExp("^[A-Za-z0-9_.-]+:[^\\s:,]+$", "u");
const pattern5 = new RegExp("^[0-9A-Fa-f:.]+/[0-9]{1,3}$", "u");
const pattern6 = new RegExp("^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", "u");

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
if(data.SOURCE_ALLOWED_NETWORKS === undefined){
data.SOURCE_ALLOWED_NETWORKS = [];
}
if(data.SOURCE_ALLOWED_HOSTS === undefined){
data.SOURCE_ALLOWED_HOSTS = [];
}
if(data.SOURCE_ALLOWED_BUCKETS === undefined){
data.SOURCE_ALLOWED_BUCKETS = [];
}
if(data.SOURCE_SVG === undefined){
data.SOURCE_SVG = "on";
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
if(data.DRAWING_TIMEOUT === undefined){
data.DRAWING_TIMEOUT = 5000;
}
if(data.RESULT_MAX_SIDE === undefined){
data.RESULT_MAX_SIDE = 8192;
}
if(data.RESULT_MAX_PIXELS === undefined){
data.RESULT_MAX_PIXELS = 25000000;
}
if(data.RESULT_MAX_AGE === undefined){
data.RESULT_MAX_AGE = 86400;
}
if(data.OWN_HOSTS === undefined){
data.OWN_HOSTS = [];
}
if(data.MAX_REQUESTS === undefined){
data.MAX_REQUESTS = 64;
}
if(data.MAX_DECODES === undefined){
data.MAX_DECODES = 0;
}
if(data.DEADLINE === undefined){
data.DEADLINE = 28000;
}
if(data.HOST === undefined){
data.HOST = "127.0.0.1";
}
if(data.PORT === undefined){
data.PORT = 3000;
}
if(data.API_KEYS === undefined){
const err0 = {instancePath,schemaPath:"#/required",keyword:"required",params:{missingProperty: "API_KEYS"},message:"must have required property '"+"API_KEYS"+"'"};
if(vErrors === null){
vErrors = [err0];
}
else {
vErrors.push(err0);
}
errors++;
}
if(data.API_KEYS !== undefined){
let data0 = data.API_KEYS;
if(Array.isArray(data0)){
if(data0.length < 1){
const err1 = {instancePath:instancePath+"/API_KEYS",schemaPath:"#/properties/API_KEYS/minItems",keyword:"minItems",params:{limit: 1},message:"must NOT have fewer than 1 items"};
if(vErrors === null){
vErrors = [err1];
}
else {
vErrors.push(err1);
}
errors++;
}
const len0 = data0.length;
for(let i0=0; i0<len0; i0++){
let data1 = data0[i0];
if(typeof data1 === "string"){
if(!pattern4.test(data1)){
const err2 = {instancePath:instancePath+"/API_KEYS/" + i0,schemaPath:"#/properties/API_KEYS/items/pattern",keyword:"pattern",params:{pattern: "^[A-Za-z0-9_.-]+:[^\\s:,]+$"},message:"must match pattern \""+"^[A-Za-z0-9_.-]+:[^\\s:,]+$"+"\""};
if(vErrors === null){
vErrors = [err2];
}
else {
vErrors.push(err2);
}
errors++;
}
}
else {
const err3 = {instancePath:instancePath+"/API_KEYS/" + i0,schemaPath:"#/properties/API_KEYS/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
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
else {
const err4 = {instancePath:instancePath+"/API_KEYS",schemaPath:"#/properties/API_KEYS/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err4];
}
else {
vErrors.push(err4);
}
errors++;
}
}
let data2 = data.SOURCE_ALLOWED_NETWORKS;
if(Array.isArray(data2)){
const len1 = data2.length;
for(let i1=0; i1<len1; i1++){
let data3 = data2[i1];
if(typeof data3 === "string"){
if(!pattern5.test(data3)){
const err5 = {instancePath:instancePath+"/SOURCE_ALLOWED_NETWORKS/" + i1,schemaPath:"#/properties/SOURCE_ALLOWED_NETWORKS/items/pattern",keyword:"pattern",params:{pattern: "^[0-9A-Fa-f:.]+/[0-9]{1,3}$"},message:"must match pattern \""+"^[0-9A-Fa-f:.]+/[0-9]{1,3}$"+"\""};
if(vErrors === null){
vErrors = [err5];
}
else {
vErrors.push(err5);
}
errors++;
}
}
else {
const err6 = {instancePath:instancePath+"/SOURCE_ALLOWED_NETWORKS/" + i1,schemaPath:"#/properties/SOURCE_ALLOWED_NETWORKS/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err6];
}
else {
vErrors.push(err6);
}
errors++;
}
}
}
else {
const err7 = {instancePath:instancePath+"/SOURCE_ALLOWED_NETWORKS",schemaPath:"#/properties/SOURCE_ALLOWED_NETWORKS/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err7];
}
else {
vErrors.push(err7);
}
errors++;
}
let data4 = data.SOURCE_ALLOWED_HOSTS;
if(Array.isArray(data4)){
const len2 = data4.length;
for(let i2=0; i2<len2; i2++){
if(typeof data4[i2] !== "string"){
const err8 = {instancePath:instancePath+"/SOURCE_ALLOWED_HOSTS/" + i2,schemaPath:"#/properties/SOURCE_ALLOWED_HOSTS/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err8];
}
else {
vErrors.push(err8);
}
errors++;
}
}
}
else {
const err9 = {instancePath:instancePath+"/SOURCE_ALLOWED_HOSTS",schemaPath:"#/properties/SOURCE_ALLOWED_HOSTS/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err9];
}
else {
vErrors.push(err9);
}
errors++;
}
let data6 = data.SOURCE_ALLOWED_BUCKETS;
if(Array.isArray(data6)){
const len3 = data6.length;
for(let i3=0; i3<len3; i3++){
let data7 = data6[i3];
if(typeof data7 === "string"){
if(!pattern6.test(data7)){
const err10 = {instancePath:instancePath+"/SOURCE_ALLOWED_BUCKETS/" + i3,schemaPath:"#/properties/SOURCE_ALLOWED_BUCKETS/items/pattern",keyword:"pattern",params:{pattern: "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"},message:"must match pattern \""+"^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$"+"\""};
if(vErrors === null){
vErrors = [err10];
}
else {
vErrors.push(err10);
}
errors++;
}
}
else {
const err11 = {instancePath:instancePath+"/SOURCE_ALLOWED_BUCKETS/" + i3,schemaPath:"#/properties/SOURCE_ALLOWED_BUCKETS/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err11];
}
else {
vErrors.push(err11);
}
errors++;
}
}
}
else {
const err12 = {instancePath:instancePath+"/SOURCE_ALLOWED_BUCKETS",schemaPath:"#/properties/SOURCE_ALLOWED_BUCKETS/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err12];
}
else {
vErrors.push(err12);
}
errors++;
}
let data8 = data.SOURCE_SVG;
if(typeof data8 !== "string"){
const err13 = {instancePath:instancePath+"/SOURCE_SVG",schemaPath:"#/properties/SOURCE_SVG/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err13];
}
else {
vErrors.push(err13);
}
errors++;
}
if(!((data8 === "on") || (data8 === "off"))){
const err14 = {instancePath:instancePath+"/SOURCE_SVG",schemaPath:"#/properties/SOURCE_SVG/enum",keyword:"enum",params:{allowedValues: schema32.properties.SOURCE_SVG.enum},message:"must be equal to one of the allowed values"};
if(vErrors === null){
vErrors = [err14];
}
else {
vErrors.push(err14);
}
errors++;
}
let data9 = data.SOURCE_MAX_BYTES;
if(!(((typeof data9 == "number") && (!(data9 % 1) && !isNaN(data9))) && (isFinite(data9)))){
const err15 = {instancePath:instancePath+"/SOURCE_MAX_BYTES",schemaPath:"#/properties/SOURCE_MAX_BYTES/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err15];
}
else {
vErrors.push(err15);
}
errors++;
}
if((typeof data9 == "number") && (isFinite(data9))){
if(data9 > 536870912 || isNaN(data9)){
const err16 = {instancePath:instancePath+"/SOURCE_MAX_BYTES",schemaPath:"#/properties/SOURCE_MAX_BYTES/maximum",keyword:"maximum",params:{comparison: "<=", limit: 536870912},message:"must be <= 536870912"};
if(vErrors === null){
vErrors = [err16];
}
else {
vErrors.push(err16);
}
errors++;
}
if(data9 < 1024 || isNaN(data9)){
const err17 = {instancePath:instancePath+"/SOURCE_MAX_BYTES",schemaPath:"#/properties/SOURCE_MAX_BYTES/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1024},message:"must be >= 1024"};
if(vErrors === null){
vErrors = [err17];
}
else {
vErrors.push(err17);
}
errors++;
}
}
let data10 = data.SOURCE_MAX_PIXELS;
if(!(((typeof data10 == "number") && (!(data10 % 1) && !isNaN(data10))) && (isFinite(data10)))){
const err18 = {instancePath:instancePath+"/SOURCE_MAX_PIXELS",schemaPath:"#/properties/SOURCE_MAX_PIXELS/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err18];
}
else {
vErrors.push(err18);
}
errors++;
}
if((typeof data10 == "number") && (isFinite(data10))){
if(data10 > 268402689 || isNaN(data10)){
const err19 = {instancePath:instancePath+"/SOURCE_MAX_PIXELS",schemaPath:"#/properties/SOURCE_MAX_PIXELS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 268402689},message:"must be <= 268402689"};
if(vErrors === null){
vErrors = [err19];
}
else {
vErrors.push(err19);
}
errors++;
}
if(data10 < 1 || isNaN(data10)){
const err20 = {instancePath:instancePath+"/SOURCE_MAX_PIXELS",schemaPath:"#/properties/SOURCE_MAX_PIXELS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err20];
}
else {
vErrors.push(err20);
}
errors++;
}
}
let data11 = data.SOURCE_MAX_AVIF_PIXELS;
if(!(((typeof data11 == "number") && (!(data11 % 1) && !isNaN(data11))) && (isFinite(data11)))){
const err21 = {instancePath:instancePath+"/SOURCE_MAX_AVIF_PIXELS",schemaPath:"#/properties/SOURCE_MAX_AVIF_PIXELS/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err21];
}
else {
vErrors.push(err21);
}
errors++;
}
if((typeof data11 == "number") && (isFinite(data11))){
if(data11 > 268402689 || isNaN(data11)){
const err22 = {instancePath:instancePath+"/SOURCE_MAX_AVIF_PIXELS",schemaPath:"#/properties/SOURCE_MAX_AVIF_PIXELS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 268402689},message:"must be <= 268402689"};
if(vErrors === null){
vErrors = [err22];
}
else {
vErrors.push(err22);
}
errors++;
}
if(data11 < 1 || isNaN(data11)){
const err23 = {instancePath:instancePath+"/SOURCE_MAX_AVIF_PIXELS",schemaPath:"#/properties/SOURCE_MAX_AVIF_PIXELS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err23];
}
else {
vErrors.push(err23);
}
errors++;
}
}
let data12 = data.SOURCE_MAX_FRAMES;
if(!(((typeof data12 == "number") && (!(data12 % 1) && !isNaN(data12))) && (isFinite(data12)))){
const err24 = {instancePath:instancePath+"/SOURCE_MAX_FRAMES",schemaPath:"#/properties/SOURCE_MAX_FRAMES/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err24];
}
else {
vErrors.push(err24);
}
errors++;
}
if((typeof data12 == "number") && (isFinite(data12))){
if(data12 > 10000 || isNaN(data12)){
const err25 = {instancePath:instancePath+"/SOURCE_MAX_FRAMES",schemaPath:"#/properties/SOURCE_MAX_FRAMES/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000},message:"must be <= 10000"};
if(vErrors === null){
vErrors = [err25];
}
else {
vErrors.push(err25);
}
errors++;
}
if(data12 < 1 || isNaN(data12)){
const err26 = {instancePath:instancePath+"/SOURCE_MAX_FRAMES",schemaPath:"#/properties/SOURCE_MAX_FRAMES/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err26];
}
else {
vErrors.push(err26);
}
errors++;
}
}
let data13 = data.SOURCE_MAX_SCANS;
if(!(((typeof data13 == "number") && (!(data13 % 1) && !isNaN(data13))) && (isFinite(data13)))){
const err27 = {instancePath:instancePath+"/SOURCE_MAX_SCANS",schemaPath:"#/properties/SOURCE_MAX_SCANS/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err27];
}
else {
vErrors.push(err27);
}
errors++;
}
if((typeof data13 == "number") && (isFinite(data13))){
if(data13 > 1000 || isNaN(data13)){
const err28 = {instancePath:instancePath+"/SOURCE_MAX_SCANS",schemaPath:"#/properties/SOURCE_MAX_SCANS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 1000},message:"must be <= 1000"};
if(vErrors === null){
vErrors = [err28];
}
else {
vErrors.push(err28);
}
errors++;
}
if(data13 < 1 || isNaN(data13)){
const err29 = {instancePath:instancePath+"/SOURCE_MAX_SCANS",schemaPath:"#/properties/SOURCE_MAX_SCANS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err29];
}
else {
vErrors.push(err29);
}
errors++;
}
}
let data14 = data.SOURCE_MAX_REDIRECTS;
if(!(((typeof data14 == "number") && (!(data14 % 1) && !isNaN(data14))) && (isFinite(data14)))){
const err30 = {instancePath:instancePath+"/SOURCE_MAX_REDIRECTS",schemaPath:"#/properties/SOURCE_MAX_REDIRECTS/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err30];
}
else {
vErrors.push(err30);
}
errors++;
}
if((typeof data14 == "number") && (isFinite(data14))){
if(data14 > 10 || isNaN(data14)){
const err31 = {instancePath:instancePath+"/SOURCE_MAX_REDIRECTS",schemaPath:"#/properties/SOURCE_MAX_REDIRECTS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10},message:"must be <= 10"};
if(vErrors === null){
vErrors = [err31];
}
else {
vErrors.push(err31);
}
errors++;
}
if(data14 < 0 || isNaN(data14)){
const err32 = {instancePath:instancePath+"/SOURCE_MAX_REDIRECTS",schemaPath:"#/properties/SOURCE_MAX_REDIRECTS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err32];
}
else {
vErrors.push(err32);
}
errors++;
}
}
let data15 = data.SOURCE_CONNECT_TIMEOUT;
if(!(((typeof data15 == "number") && (!(data15 % 1) && !isNaN(data15))) && (isFinite(data15)))){
const err33 = {instancePath:instancePath+"/SOURCE_CONNECT_TIMEOUT",schemaPath:"#/properties/SOURCE_CONNECT_TIMEOUT/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err33];
}
else {
vErrors.push(err33);
}
errors++;
}
if((typeof data15 == "number") && (isFinite(data15))){
if(data15 > 60000 || isNaN(data15)){
const err34 = {instancePath:instancePath+"/SOURCE_CONNECT_TIMEOUT",schemaPath:"#/properties/SOURCE_CONNECT_TIMEOUT/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60000},message:"must be <= 60000"};
if(vErrors === null){
vErrors = [err34];
}
else {
vErrors.push(err34);
}
errors++;
}
if(data15 < 10 || isNaN(data15)){
const err35 = {instancePath:instancePath+"/SOURCE_CONNECT_TIMEOUT",schemaPath:"#/properties/SOURCE_CONNECT_TIMEOUT/minimum",keyword:"minimum",params:{comparison: ">=", limit: 10},message:"must be >= 10"};
if(vErrors === null){
vErrors = [err35];
}
else {
vErrors.push(err35);
}
errors++;
}
}
let data16 = data.SOURCE_IDLE_TIMEOUT;
if(!(((typeof data16 == "number") && (!(data16 % 1) && !isNaN(data16))) && (isFinite(data16)))){
const err36 = {instancePath:instancePath+"/SOURCE_IDLE_TIMEOUT",schemaPath:"#/properties/SOURCE_IDLE_TIMEOUT/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err36];
}
else {
vErrors.push(err36);
}
errors++;
}
if((typeof data16 == "number") && (isFinite(data16))){
if(data16 > 60000 || isNaN(data16)){
const err37 = {instancePath:instancePath+"/SOURCE_IDLE_TIMEOUT",schemaPath:"#/properties/SOURCE_IDLE_TIMEOUT/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60000},message:"must be <= 60000"};
if(vErrors === null){
vErrors = [err37];
}
else {
vErrors.push(err37);
}
errors++;
}
if(data16 < 10 || isNaN(data16)){
const err38 = {instancePath:instancePath+"/SOURCE_IDLE_TIMEOUT",schemaPath:"#/properties/SOURCE_IDLE_TIMEOUT/minimum",keyword:"minimum",params:{comparison: ">=", limit: 10},message:"must be >= 10"};
if(vErrors === null){
vErrors = [err38];
}
else {
vErrors.push(err38);
}
errors++;
}
}
let data17 = data.SOURCE_TIMEOUT;
if(!(((typeof data17 == "number") && (!(data17 % 1) && !isNaN(data17))) && (isFinite(data17)))){
const err39 = {instancePath:instancePath+"/SOURCE_TIMEOUT",schemaPath:"#/properties/SOURCE_TIMEOUT/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err39];
}
else {
vErrors.push(err39);
}
errors++;
}
if((typeof data17 == "number") && (isFinite(data17))){
if(data17 > 900000 || isNaN(data17)){
const err40 = {instancePath:instancePath+"/SOURCE_TIMEOUT",schemaPath:"#/properties/SOURCE_TIMEOUT/maximum",keyword:"maximum",params:{comparison: "<=", limit: 900000},message:"must be <= 900000"};
if(vErrors === null){
vErrors = [err40];
}
else {
vErrors.push(err40);
}
errors++;
}
if(data17 < 10 || isNaN(data17)){
const err41 = {instancePath:instancePath+"/SOURCE_TIMEOUT",schemaPath:"#/properties/SOURCE_TIMEOUT/minimum",keyword:"minimum",params:{comparison: ">=", limit: 10},message:"must be >= 10"};
if(vErrors === null){
vErrors = [err41];
}
else {
vErrors.push(err41);
}
errors++;
}
}
let data18 = data.DRAWING_TIMEOUT;
if(!(((typeof data18 == "number") && (!(data18 % 1) && !isNaN(data18))) && (isFinite(data18)))){
const err42 = {instancePath:instancePath+"/DRAWING_TIMEOUT",schemaPath:"#/properties/DRAWING_TIMEOUT/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err42];
}
else {
vErrors.push(err42);
}
errors++;
}
if((typeof data18 == "number") && (isFinite(data18))){
if(data18 > 60000 || isNaN(data18)){
const err43 = {instancePath:instancePath+"/DRAWING_TIMEOUT",schemaPath:"#/properties/DRAWING_TIMEOUT/maximum",keyword:"maximum",params:{comparison: "<=", limit: 60000},message:"must be <= 60000"};
if(vErrors === null){
vErrors = [err43];
}
else {
vErrors.push(err43);
}
errors++;
}
if(data18 < 100 || isNaN(data18)){
const err44 = {instancePath:instancePath+"/DRAWING_TIMEOUT",schemaPath:"#/properties/DRAWING_TIMEOUT/minimum",keyword:"minimum",params:{comparison: ">=", limit: 100},message:"must be >= 100"};
if(vErrors === null){
vErrors = [err44];
}
else {
vErrors.push(err44);
}
errors++;
}
}
let data19 = data.RESULT_MAX_SIDE;
if(!(((typeof data19 == "number") && (!(data19 % 1) && !isNaN(data19))) && (isFinite(data19)))){
const err45 = {instancePath:instancePath+"/RESULT_MAX_SIDE",schemaPath:"#/properties/RESULT_MAX_SIDE/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err45];
}
else {
vErrors.push(err45);
}
errors++;
}
if((typeof data19 == "number") && (isFinite(data19))){
if(data19 > 16383 || isNaN(data19)){
const err46 = {instancePath:instancePath+"/RESULT_MAX_SIDE",schemaPath:"#/properties/RESULT_MAX_SIDE/maximum",keyword:"maximum",params:{comparison: "<=", limit: 16383},message:"must be <= 16383"};
if(vErrors === null){
vErrors = [err46];
}
else {
vErrors.push(err46);
}
errors++;
}
if(data19 < 1 || isNaN(data19)){
const err47 = {instancePath:instancePath+"/RESULT_MAX_SIDE",schemaPath:"#/properties/RESULT_MAX_SIDE/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err47];
}
else {
vErrors.push(err47);
}
errors++;
}
}
let data20 = data.RESULT_MAX_PIXELS;
if(!(((typeof data20 == "number") && (!(data20 % 1) && !isNaN(data20))) && (isFinite(data20)))){
const err48 = {instancePath:instancePath+"/RESULT_MAX_PIXELS",schemaPath:"#/properties/RESULT_MAX_PIXELS/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err48];
}
else {
vErrors.push(err48);
}
errors++;
}
if((typeof data20 == "number") && (isFinite(data20))){
if(data20 > 268402689 || isNaN(data20)){
const err49 = {instancePath:instancePath+"/RESULT_MAX_PIXELS",schemaPath:"#/properties/RESULT_MAX_PIXELS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 268402689},message:"must be <= 268402689"};
if(vErrors === null){
vErrors = [err49];
}
else {
vErrors.push(err49);
}
errors++;
}
if(data20 < 1 || isNaN(data20)){
const err50 = {instancePath:instancePath+"/RESULT_MAX_PIXELS",schemaPath:"#/properties/RESULT_MAX_PIXELS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err50];
}
else {
vErrors.push(err50);
}
errors++;
}
}
let data21 = data.RESULT_MAX_AGE;
if(!(((typeof data21 == "number") && (!(data21 % 1) && !isNaN(data21))) && (isFinite(data21)))){
const err51 = {instancePath:instancePath+"/RESULT_MAX_AGE",schemaPath:"#/properties/RESULT_MAX_AGE/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err51];
}
else {
vErrors.push(err51);
}
errors++;
}
if((typeof data21 == "number") && (isFinite(data21))){
if(data21 > 31536000 || isNaN(data21)){
const err52 = {instancePath:instancePath+"/RESULT_MAX_AGE",schemaPath:"#/properties/RESULT_MAX_AGE/maximum",keyword:"maximum",params:{comparison: "<=", limit: 31536000},message:"must be <= 31536000"};
if(vErrors === null){
vErrors = [err52];
}
else {
vErrors.push(err52);
}
errors++;
}
if(data21 < 0 || isNaN(data21)){
const err53 = {instancePath:instancePath+"/RESULT_MAX_AGE",schemaPath:"#/properties/RESULT_MAX_AGE/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err53];
}
else {
vErrors.push(err53);
}
errors++;
}
}
let data22 = data.OWN_HOSTS;
if(Array.isArray(data22)){
const len4 = data22.length;
for(let i4=0; i4<len4; i4++){
if(typeof data22[i4] !== "string"){
const err54 = {instancePath:instancePath+"/OWN_HOSTS/" + i4,schemaPath:"#/properties/OWN_HOSTS/items/type",keyword:"type",params:{type: "string"},message:"must be string"};
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
else {
const err55 = {instancePath:instancePath+"/OWN_HOSTS",schemaPath:"#/properties/OWN_HOSTS/type",keyword:"type",params:{type: "array"},message:"must be array"};
if(vErrors === null){
vErrors = [err55];
}
else {
vErrors.push(err55);
}
errors++;
}
let data24 = data.MAX_REQUESTS;
if(!(((typeof data24 == "number") && (!(data24 % 1) && !isNaN(data24))) && (isFinite(data24)))){
const err56 = {instancePath:instancePath+"/MAX_REQUESTS",schemaPath:"#/properties/MAX_REQUESTS/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err56];
}
else {
vErrors.push(err56);
}
errors++;
}
if((typeof data24 == "number") && (isFinite(data24))){
if(data24 > 10000 || isNaN(data24)){
const err57 = {instancePath:instancePath+"/MAX_REQUESTS",schemaPath:"#/properties/MAX_REQUESTS/maximum",keyword:"maximum",params:{comparison: "<=", limit: 10000},message:"must be <= 10000"};
if(vErrors === null){
vErrors = [err57];
}
else {
vErrors.push(err57);
}
errors++;
}
if(data24 < 1 || isNaN(data24)){
const err58 = {instancePath:instancePath+"/MAX_REQUESTS",schemaPath:"#/properties/MAX_REQUESTS/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1},message:"must be >= 1"};
if(vErrors === null){
vErrors = [err58];
}
else {
vErrors.push(err58);
}
errors++;
}
}
let data25 = data.MAX_DECODES;
if(!(((typeof data25 == "number") && (!(data25 % 1) && !isNaN(data25))) && (isFinite(data25)))){
const err59 = {instancePath:instancePath+"/MAX_DECODES",schemaPath:"#/properties/MAX_DECODES/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err59];
}
else {
vErrors.push(err59);
}
errors++;
}
if((typeof data25 == "number") && (isFinite(data25))){
if(data25 > 256 || isNaN(data25)){
const err60 = {instancePath:instancePath+"/MAX_DECODES",schemaPath:"#/properties/MAX_DECODES/maximum",keyword:"maximum",params:{comparison: "<=", limit: 256},message:"must be <= 256"};
if(vErrors === null){
vErrors = [err60];
}
else {
vErrors.push(err60);
}
errors++;
}
if(data25 < 0 || isNaN(data25)){
const err61 = {instancePath:instancePath+"/MAX_DECODES",schemaPath:"#/properties/MAX_DECODES/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err61];
}
else {
vErrors.push(err61);
}
errors++;
}
}
let data26 = data.DEADLINE;
if(!(((typeof data26 == "number") && (!(data26 % 1) && !isNaN(data26))) && (isFinite(data26)))){
const err62 = {instancePath:instancePath+"/DEADLINE",schemaPath:"#/properties/DEADLINE/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err62];
}
else {
vErrors.push(err62);
}
errors++;
}
if((typeof data26 == "number") && (isFinite(data26))){
if(data26 > 900000 || isNaN(data26)){
const err63 = {instancePath:instancePath+"/DEADLINE",schemaPath:"#/properties/DEADLINE/maximum",keyword:"maximum",params:{comparison: "<=", limit: 900000},message:"must be <= 900000"};
if(vErrors === null){
vErrors = [err63];
}
else {
vErrors.push(err63);
}
errors++;
}
if(data26 < 1100 || isNaN(data26)){
const err64 = {instancePath:instancePath+"/DEADLINE",schemaPath:"#/properties/DEADLINE/minimum",keyword:"minimum",params:{comparison: ">=", limit: 1100},message:"must be >= 1100"};
if(vErrors === null){
vErrors = [err64];
}
else {
vErrors.push(err64);
}
errors++;
}
}
if(typeof data.HOST !== "string"){
const err65 = {instancePath:instancePath+"/HOST",schemaPath:"#/properties/HOST/type",keyword:"type",params:{type: "string"},message:"must be string"};
if(vErrors === null){
vErrors = [err65];
}
else {
vErrors.push(err65);
}
errors++;
}
let data28 = data.PORT;
if(!(((typeof data28 == "number") && (!(data28 % 1) && !isNaN(data28))) && (isFinite(data28)))){
const err66 = {instancePath:instancePath+"/PORT",schemaPath:"#/properties/PORT/type",keyword:"type",params:{type: "integer"},message:"must be integer"};
if(vErrors === null){
vErrors = [err66];
}
else {
vErrors.push(err66);
}
errors++;
}
if((typeof data28 == "number") && (isFinite(data28))){
if(data28 > 65535 || isNaN(data28)){
const err67 = {instancePath:instancePath+"/PORT",schemaPath:"#/properties/PORT/maximum",keyword:"maximum",params:{comparison: "<=", limit: 65535},message:"must be <= 65535"};
if(vErrors === null){
vErrors = [err67];
}
else {
vErrors.push(err67);
}
errors++;
}
if(data28 < 0 || isNaN(data28)){
const err68 = {instancePath:instancePath+"/PORT",schemaPath:"#/properties/PORT/minimum",keyword:"minimum",params:{comparison: ">=", limit: 0},message:"must be >= 0"};
if(vErrors === null){
vErrors = [err68];
}
else {
vErrors.push(err68);
}
errors++;
}
}
}
else {
const err69 = {instancePath,schemaPath:"#/type",keyword:"type",params:{type: "object"},message:"must be object"};
if(vErrors === null){
vErrors = [err69];
}
else {
vErrors.push(err69);
}
errors++;
}
validate21.errors = vErrors;
return errors === 0;
}
validate21.evaluated = {"props":{"API_KEYS":true,"SOURCE_ALLOWED_NETWORKS":true,"SOURCE_ALLOWED_HOSTS":true,"SOURCE_ALLOWED_BUCKETS":true,"SOURCE_SVG":true,"SOURCE_MAX_BYTES":true,"SOURCE_MAX_PIXELS":true,"SOURCE_MAX_AVIF_PIXELS":true,"SOURCE_MAX_FRAMES":true,"SOURCE_MAX_SCANS":true,"SOURCE_MAX_REDIRECTS":true,"SOURCE_CONNECT_TIMEOUT":true,"SOURCE_IDLE_TIMEOUT":true,"SOURCE_TIMEOUT":true,"DRAWING_TIMEOUT":true,"RESULT_MAX_SIDE":true,"RESULT_MAX_PIXELS":true,"RESULT_MAX_AGE":true,"OWN_HOSTS":true,"MAX_REQUESTS":true,"MAX_DECODES":true,"DEADLINE":true,"HOST":true,"PORT":true},"dynamicProps":false,"dynamicItems":false};

