// Generated from schemas/query.json by npm run generate.

export const PARAMETER_NAMES: readonly string[] =
  'k w width u url h height ar fit we dpr a align fpx fpy cx cy cw ch precrop trim tbg pad cbg ro rot rbg flip flop bri mod sat hue con gam sharp sharpf sharpj filt start stop blur tint bg mask mbg mtrim r mark mpos mscale malpha mx my f format output q quality mb ll lossless il l level af n pages page loop delay hdr meta encoding filename dl explain maxage v s exp default defaultfor p'.split(
    ' ',
  );
