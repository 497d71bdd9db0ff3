; A product and a sum, rounded once where the processor can: relaxed SIMD.

declare <4 x float> @llvm.wasm.relaxed.madd.v4f32(<4 x float>, <4 x float>, <4 x float>)
define <4 x float> @fused.v4f32(<4 x float> %a, <4 x float> %b, <4 x float> %c) alwaysinline {
  %r = call <4 x float> @llvm.wasm.relaxed.madd.v4f32(<4 x float> %a, <4 x float> %b, <4 x float> %c)
  ret <4 x float> %r
}
define float @fused.f32(float %a, float %b, float %c) alwaysinline {
  %va = insertelement <4 x float> poison, float %a, i32 0
  %vb = insertelement <4 x float> poison, float %b, i32 0
  %vc = insertelement <4 x float> poison, float %c, i32 0
  %r = call <4 x float> @llvm.wasm.relaxed.madd.v4f32(<4 x float> %va, <4 x float> %vb, <4 x float> %vc)
  %s = extractelement <4 x float> %r, i32 0
  ret float %s
}
