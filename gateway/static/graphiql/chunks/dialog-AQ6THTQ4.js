import{a}from"./chunk-463ZERGG.js";import"./chunk-RG2SWEM6.js";import"./chunk-NM6J3ND7.js";export default a();
