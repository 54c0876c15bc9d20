/*
 * A stand-in for NVIDIA's driver library, whose cuInit fails with the code in CUINIT: what TensorFlow's CUDA build writes
 * then is in test/fixtures/gpu. Codes and words as in cuda.h of CUDA 12.5.
 *
 *   cc -shared -fPIC -o libcuda.so.1 test/reference/cuda-stand-in.c
 *   CUINIT=100 LD_LIBRARY_PATH=. MTL_RUNTIME_DIR=<an installation with --gpu> node dist/cli.cjs doctor
 *
 * no-device 100, driver-mismatch 803, not-supported 804, stub-library 34, unknown 999, busy 46; silent 0 (no device is
 * asked for); no-driver without the library. Times and process ids were cut out.
 */
#include <stdlib.h>

static int code(void) {
  const char *text = getenv("CUINIT");
  return text ? atoi(text) : 100;
}

int cuInit(unsigned flags) {
  (void)flags;
  return code();
}

int cuDriverGetVersion(int *version) {
  *version = 12050;
  return 0;
}

int cuDeviceGetCount(int *count) {
  *count = 0;
  return code();
}

int cuGetErrorName(int error, const char **name) {
  switch (error) {
    case 0: *name = "CUDA_SUCCESS"; break;
    case 34: *name = "CUDA_ERROR_STUB_LIBRARY"; break;
    case 46: *name = "CUDA_ERROR_DEVICE_UNAVAILABLE"; break;
    case 100: *name = "CUDA_ERROR_NO_DEVICE"; break;
    case 803: *name = "CUDA_ERROR_SYSTEM_DRIVER_MISMATCH"; break;
    case 804: *name = "CUDA_ERROR_COMPAT_NOT_SUPPORTED_ON_DEVICE"; break;
    default: *name = "CUDA_ERROR_UNKNOWN";
  }
  return 0;
}

int cuGetErrorString(int error, const char **text) {
  switch (error) {
    case 0: *text = "no error"; break;
    case 34: *text = "CUDA driver is a stub library"; break;
    case 46: *text = "CUDA-capable device(s) is/are busy or unavailable"; break;
    case 100: *text = "no CUDA-capable device is detected"; break;
    case 803: *text = "system has unsupported display driver / cuda driver combination"; break;
    case 804: *text = "forward compatibility was attempted on non supported HW"; break;
    default: *text = "unknown error";
  }
  return 0;
}
