; A product and a sum of float32 numbers, rounded once, where the processor has no instruction for it.
;
; In float64 the product is exact, and the sum is rounded to 53 digits. To round it to float32 once more is
; wrong only where these 53 digits lie just halfway between two float32 numbers, or where the result is so
; small that float32 has fewer digits. There the sum is rounded to odd first: its last digit becomes 1 if
; anything was lost, so that the second rounding sees on which side of the half it lies.
;
; Source: Boldo & Melquiond 2008, "Emulation of a FMA and correctly rounded sums: proved algorithms using
; rounding to odd".

declare i32 @llvm.wasm.anytrue.v2i64(<2 x i64>)
declare <2 x double> @llvm.fabs.v2f64(<2 x double>)

; All bits of a lane are set where a sum must not be rounded a second time: its 29 digits beyond float32's
; are a half, or it is smaller than float32's normal numbers, and not 0.
define <2 x i64> @unsure(<2 x double> %s) alwaysinline {
  %bits = bitcast <2 x double> %s to <2 x i64>
  %rest = and <2 x i64> %bits, <i64 536870911, i64 536870911>
  %half = icmp eq <2 x i64> %rest, <i64 268435456, i64 268435456>
  %size = call <2 x double> @llvm.fabs.v2f64(<2 x double> %s)
  %small = fcmp olt <2 x double> %size, <double 0x3810000000000000, double 0x3810000000000000>
  %something = fcmp one <2 x double> %s, zeroinitializer
  %tiny = and <2 x i1> %small, %something
  %either = or <2 x i1> %half, %tiny
  %mask = sext <2 x i1> %either to <2 x i64>
  ret <2 x i64> %mask
}

; The sum s of p and c, rounded to odd. What was lost is known exactly (Knuth's two-sum): where it is not 0
; and the last digit of s is even, s goes one step towards it.
define <2 x double> @to_odd(<2 x double> %p, <2 x double> %c, <2 x double> %s) noinline {
  %t = fsub <2 x double> %s, %p
  %u = fsub <2 x double> %s, %t
  %e1 = fsub <2 x double> %p, %u
  %e2 = fsub <2 x double> %c, %t
  %e = fadd <2 x double> %e1, %e2
  %bits = bitcast <2 x double> %s to <2 x i64>
  %last = and <2 x i64> %bits, <i64 1, i64 1>
  %even = icmp eq <2 x i64> %last, zeroinitializer
  %inexact = fcmp one <2 x double> %e, zeroinitializer
  %change = and <2 x i1> %even, %inexact
  %positive = fcmp ogt <2 x double> %e, zeroinitializer
  %above = fcmp ogt <2 x double> %s, zeroinitializer
  %away = icmp eq <2 x i1> %positive, %above
  %step = select <2 x i1> %away, <2 x i64> <i64 1, i64 1>, <2 x i64> <i64 -1, i64 -1>
  %change_by = select <2 x i1> %change, <2 x i64> %step, <2 x i64> zeroinitializer
  %odd = add <2 x i64> %bits, %change_by
  %r = bitcast <2 x i64> %odd to <2 x double>
  ret <2 x double> %r
}

define <4 x float> @fused.v4f32(<4 x float> %a, <4 x float> %b, <4 x float> %c) alwaysinline {
  %a0 = shufflevector <4 x float> %a, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %a1 = shufflevector <4 x float> %a, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %b0 = shufflevector <4 x float> %b, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %b1 = shufflevector <4 x float> %b, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %c0 = shufflevector <4 x float> %c, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %c1 = shufflevector <4 x float> %c, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %da0 = fpext <2 x float> %a0 to <2 x double>
  %da1 = fpext <2 x float> %a1 to <2 x double>
  %db0 = fpext <2 x float> %b0 to <2 x double>
  %db1 = fpext <2 x float> %b1 to <2 x double>
  %dc0 = fpext <2 x float> %c0 to <2 x double>
  %dc1 = fpext <2 x float> %c1 to <2 x double>
  %p0 = fmul <2 x double> %da0, %db0
  %p1 = fmul <2 x double> %da1, %db1
  %s0 = fadd <2 x double> %p0, %dc0
  %s1 = fadd <2 x double> %p1, %dc1
  %m0 = call <2 x i64> @unsure(<2 x double> %s0)
  %m1 = call <2 x i64> @unsure(<2 x double> %s1)
  %m = or <2 x i64> %m0, %m1
  %any = call i32 @llvm.wasm.anytrue.v2i64(<2 x i64> %m)
  %rare = icmp ne i32 %any, 0
  br i1 %rare, label %slow, label %done, !prof !0
slow:
  %o0 = call <2 x double> @to_odd(<2 x double> %p0, <2 x double> %dc0, <2 x double> %s0)
  %o1 = call <2 x double> @to_odd(<2 x double> %p1, <2 x double> %dc1, <2 x double> %s1)
  br label %done
done:
  %r0 = phi <2 x double> [%s0, %0], [%o0, %slow]
  %r1 = phi <2 x double> [%s1, %0], [%o1, %slow]
  %f0 = fptrunc <2 x double> %r0 to <2 x float>
  %f1 = fptrunc <2 x double> %r1 to <2 x float>
  %r = shufflevector <2 x float> %f0, <2 x float> %f1, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  ret <4 x float> %r
}

define float @fused.f32(float %a, float %b, float %c) {
  %va = insertelement <4 x float> zeroinitializer, float %a, i32 0
  %vb = insertelement <4 x float> zeroinitializer, float %b, i32 0
  %vc = insertelement <4 x float> zeroinitializer, float %c, i32 0
  %r = call <4 x float> @fused.v4f32(<4 x float> %va, <4 x float> %vb, <4 x float> %vc)
  %s = extractelement <4 x float> %r, i32 0
  ret float %s
}
!0 = !{!"branch_weights", i32 1, i32 100000}
