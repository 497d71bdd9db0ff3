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

; A choice lane by lane, of which LLVM does not know that it might be a minimum or a maximum.

declare <4 x i32> @llvm.wasm.bitselect.v4i32(<4 x i32>, <4 x i32>, <4 x i32>)

define <4 x float> @choose.v4f32(<4 x i1> %condition, <4 x float> %a, <4 x float> %b) alwaysinline {
  %mask = sext <4 x i1> %condition to <4 x i32>
  %bits_a = bitcast <4 x float> %a to <4 x i32>
  %bits_b = bitcast <4 x float> %b to <4 x i32>
  %bits = call <4 x i32> @llvm.wasm.bitselect.v4i32(<4 x i32> %bits_a, <4 x i32> %bits_b, <4 x i32> %mask)
  %chosen = bitcast <4 x i32> %bits to <4 x float>
  ret <4 x float> %chosen
}
