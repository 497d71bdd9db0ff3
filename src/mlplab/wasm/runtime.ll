; What Numba's code asks of the process around it, and what LLVM asks of a C library.

; ---- Memory: an arena -------------------------------------------------------------------------------
; Arrays that a function makes are taken from `heap` on, and nothing is given back: who calls a function
; puts `heap` back after it. An array's description has the address of its numbers at byte 24.

@heap = global i32 0

declare i32 @llvm.wasm.memory.size.i32(i32)
declare i32 @llvm.wasm.memory.grow.i32(i32, i32)

define ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 %alignment) noinline {
  %top = load i32, ptr @heap
  %padded = add i32 %top, 63
  %begin = and i32 %padded, -64
  %numbers = add i32 %begin, 64
  %bytes = trunc i64 %size to i32
  %end = add i32 %numbers, %bytes
  store i32 %end, ptr @heap
  %pages = call i32 @llvm.wasm.memory.size.i32(i32 0)
  %last = add i32 %end, 65535
  %needed = lshr i32 %last, 16
  %enough = icmp ule i32 %needed, %pages
  br i1 %enough, label %done, label %grow
grow:
  %more = sub i32 %needed, %pages
  %before = call i32 @llvm.wasm.memory.grow.i32(i32 0, i32 %more)
  %failed = icmp eq i32 %before, -1
  br i1 %failed, label %none, label %done
none:
  call void @llvm.trap()
  unreachable
done:
  %described = inttoptr i32 %begin to ptr
  %place = getelementptr i8, ptr %described, i32 24
  store i32 %numbers, ptr %place
  ret ptr %described
}

declare void @llvm.trap()

define ptr @NRT_MemInfo_new_varsize_dtor(i64 %size, ptr %destructor) {
  %described = call ptr @NRT_MemInfo_alloc_aligned(i64 %size, i32 64)
  ret ptr %described
}

; An array's users are not counted down, so that it is never freed.
define i8 @count_down.i64(ptr %count, i64 %by, i32 %condition) alwaysinline {
  ret i8 0
}

define void @NRT_MemInfo_call_dtor(ptr %described) alwaysinline {
  ret void
}

define void @NRT_Free(ptr %place) alwaysinline {
  ret void
}

; ---- Exceptions: what is raised is known by the status alone ------------------------------------------

define void @numba_do_raise(ptr %exception) {
  ret void
}

define ptr @numba_unpickle(ptr %data, i32 %size, ptr %hash) {
  ret ptr null
}

define ptr @numba_runtime_build_excinfo_struct(ptr %description, ptr %values) {
  ret ptr null
}

; ---- The C library -------------------------------------------------------------------------------------

declare float @llvm.sqrt.f32(float)
declare double @llvm.sqrt.f64(double)

define float @sqrtf(float %x) alwaysinline {
  %root = call float @llvm.sqrt.f32(float %x)
  ret float %root
}

define double @sqrt(double %x) alwaysinline {
  %root = call double @llvm.sqrt.f64(double %x)
  ret double %root
}

; The upper and the lower half of a product of 128 bits, by parts of 32.
define void @__multi3(ptr %out, i64 %a, i64 %a_high, i64 %b, i64 %b_high) noinline optnone {
  %a0 = and i64 %a, 4294967295
  %a1 = lshr i64 %a, 32
  %b0 = and i64 %b, 4294967295
  %b1 = lshr i64 %b, 32
  %p00 = mul i64 %a0, %b0
  %p01 = mul i64 %a0, %b1
  %p10 = mul i64 %a1, %b0
  %p11 = mul i64 %a1, %b1
  %carry = lshr i64 %p00, 32
  %middle = add i64 %p10, %carry
  %middle_low = and i64 %middle, 4294967295
  %middle_high = lshr i64 %middle, 32
  %sum = add i64 %middle_low, %p01
  %sum_high = lshr i64 %sum, 32
  %high0 = add i64 %p11, %middle_high
  %high1 = add i64 %high0, %sum_high
  %cross0 = mul i64 %a_high, %b
  %cross1 = mul i64 %a, %b_high
  %high2 = add i64 %high1, %cross0
  %high = add i64 %high2, %cross1
  %low = mul i64 %a, %b
  store i64 %low, ptr %out
  %next = getelementptr i8, ptr %out, i32 8
  store i64 %high, ptr %next
  ret void
}

; ---- For who loads the module: whether a product and a sum are rounded once -----------------------------

declare float @fused.f32(float, float, float)

define float @multiply_add(float %a, float %b, float %c) {
  %r = call float @fused.f32(float %a, float %b, float %c)
  ret float %r
}
