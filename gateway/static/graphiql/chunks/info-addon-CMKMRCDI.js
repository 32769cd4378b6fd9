import"./chunk-RP6CRLTY.js";import"./chunk-RG2SWEM6.js";import"./chunk-NM6J3ND7.js";
