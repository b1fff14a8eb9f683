/*
 * What the same steps cost a C program on this host: the yardstick beside which the benchmark's figures are read.
 * A machine as sandglass.kvm.usf makes it (same layout, same registers, same ioctls), with a few bytes of program.
 *
 * Reads lines and answers each with nanoseconds of CLOCK_MONOTONIC:
 *   exit N    N system calls of the guest (SYSCALL, OUT, KVM_RUN returns, result set, KVM_RUN), in all
 *   clone N   N times a machine around a private mapping of the template, each ready to run; the median
 *   fault N   N first touches of pages that the host has present and KVM has not mapped, in all
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23
#endif

enum { RAM = 64 << 20, LARGE = 2 << 20, PAGE = 4096, CODE = 0x400000, TOUCH = 0x400100, DATA = 0x1000000, STUB = 0x6000 };
enum { PREFETCHED_PAGES = 8, MOST_FAULTS = (RAM - DATA) / PAGE / PREFETCHED_PAGES, MOST_CLONES = 10000 };

struct machine {
    int vm, cpu;
    struct kvm_run *run;
    uint8_t *ram;
};

static int kvm, template, run_bytes, stub_at_cpl_3, has_xsave;
static struct kvm_cpuid2 *cpuid;
static struct kvm_xsave xsave;
static struct kvm_xcrs xcrs;

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000000000LL + t.tv_nsec;
}

static int check(const char *what, long result)
{
    if (result < 0) {
        perror(what);
        exit(1);
    }
    return (int)result;
}

static void put(uint8_t *ram, uint64_t at, uint64_t value)
{
    memcpy(ram + at, &value, sizeof value);
}

static void fill_template(void)
{
    static const uint8_t call[] = {0xB8, 110, 0, 0, 0, 0x0F, 0x05, 0xEB, 0xF7};        /* l: mov eax, 110; syscall; jmp l */
    static const uint8_t touch[] = {0xC6, 0x07, 0x01, 0x48, 0x01, 0xD7, 0x48, 0xFF, 0xCE, 0x75, 0xF5,
                                    0x0F, 0x05};                                        /* l: mov [rdi], 1; add rdi, rdx; dec rsi; jne l; syscall */
    static const uint8_t stub[] = {0xE7, 0x10, 0x48, 0x0F, 0x07};                       /* out 0x10, eax; sysretq */
    template = check("memfd_create", memfd_create("reference", 0));
    check("ftruncate", ftruncate(template, RAM));
    uint8_t *ram = mmap(NULL, RAM, PROT_READ | PROT_WRITE, MAP_SHARED, template, 0);
    put(ram, 0x1000, 0x2000 | 0x27);
    put(ram, 0x2000, 0x10000 | 0x27);
    for (uint64_t i = 0; i < 512; i++) {
        put(ram, 0x10000 + 8 * i, i << 21 | 0xE7);
        put(ram, 0x9000 + 8 * i, i << 12 | 0x63);
    }
    put(ram, 0x10000, 0x9000 | 0x27);
    put(ram, 0x9000 + 8 * (STUB / PAGE), STUB | 0x25);
    put(ram, 0x3008, 0x00AF9B000000FFFF);
    put(ram, 0x3010, 0x00CF93000000FFFF);
    put(ram, 0x3018, 0x00CFF3000000FFFF);
    put(ram, 0x3020, 0x00AFFB000000FFFF);
    put(ram, 0x3028, 0x67 | 0x4000 << 16 | 0x8BULL << 40);
    put(ram, 0x4004, 0xF000);
    put(ram, 0x4024, 0xF000);
    for (uint64_t i = 0; i < 256; i++) {
        uint64_t handler = 0x7000 + 4 * i;
        put(ram, 0x5000 + 16 * i, (handler & 0xFFFF) | 8 << 16 | 1ULL << 32 | 0x8EULL << 40);
        memcpy(ram + handler, "\xF4\xEB\xFD\x90", 4);
    }
    memcpy(ram + STUB, stub, sizeof stub);
    memcpy(ram + CODE, call, sizeof call);
    memcpy(ram + TOUCH, touch, sizeof touch);
    munmap(ram, RAM);
}

static void slot(struct machine *m, uint32_t number, uint32_t flags, uint64_t from, uint64_t to)
{
    struct kvm_userspace_memory_region region = {number, flags, from, to - from, (uintptr_t)m->ram + from};
    check("KVM_SET_USER_MEMORY_REGION", ioctl(m->vm, KVM_SET_USER_MEMORY_REGION, &region));
}

static void segments(struct kvm_sregs *s)
{
    struct kvm_segment code = {.limit = 0xFFFFFFFF, .selector = 0x23, .type = 11, .present = 1, .dpl = 3, .s = 1, .l = 1, .g = 1};
    struct kvm_segment data = {.limit = 0xFFFFFFFF, .selector = 0x1B, .type = 3, .present = 1, .dpl = 3, .s = 1, .db = 1, .g = 1};
    s->cs = code;
    s->ds = s->es = s->fs = s->gs = s->ss = data;
    s->tr = (struct kvm_segment){.base = 0x4000, .limit = 0x67, .selector = 0x28, .type = 11, .present = 1};
    s->gdt = (struct kvm_dtable){.base = 0x3000, .limit = 0x37};
    s->idt = (struct kvm_dtable){.base = 0x5000, .limit = 0xFFF};
    s->cr0 = 0x80050033;
    s->cr3 = 0x1000;
    s->cr4 = 0x620;
    s->efer = 0xD01;
}

/* The order and number of calls is that of UsfFactory.create, with as many memory slots. */
static struct machine clone_machine(struct kvm_sregs *sregs)
{
    static struct {
        struct kvm_msrs head;
        struct kvm_msr_entry entries[8];
    } msrs = {{8, 0}, {{0xC0000080, 0, 0xD01}, {0xC0000081, 0, 0x0013000800000000}, {0xC0000082, 0, STUB}, {0xC0000083, 0, 0},
                       {0xC0000084, 0, 0x44700}, {0xC0000100, 0, 0}, {0xC0000101, 0, 0}, {0xC0000102, 0, 0}}};
    struct machine m;
    m.ram = mmap(NULL, RAM, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_NORESERVE, template, 0);
    m.vm = check("KVM_CREATE_VM", ioctl(kvm, KVM_CREATE_VM, 0));
    slot(&m, 0, 0, 0, CODE + LARGE);
    slot(&m, 1, KVM_MEM_READONLY, CODE + LARGE, CODE + 2 * LARGE);
    slot(&m, 2, 0, CODE + 2 * LARGE, CODE + 3 * LARGE);
    slot(&m, 3, KVM_MEM_READONLY, CODE + 3 * LARGE, CODE + 4 * LARGE);
    slot(&m, 4, 0, CODE + 4 * LARGE, RAM);
    m.cpu = check("KVM_CREATE_VCPU", ioctl(m.vm, KVM_CREATE_VCPU, 0));
    m.run = mmap(NULL, run_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, m.cpu, 0);
    check("KVM_SET_CPUID2", ioctl(m.cpu, KVM_SET_CPUID2, cpuid));
    if (sregs->cr3 == 0) {                                                              /* the first one, whose state the others get */
        check("KVM_GET_SREGS", ioctl(m.cpu, KVM_GET_SREGS, sregs));
        check("KVM_GET_XSAVE", ioctl(m.cpu, KVM_GET_XSAVE, &xsave));
        check("KVM_GET_XCRS", ioctl(m.cpu, KVM_GET_XCRS, &xcrs));
        segments(sregs);
    }
    check("KVM_SET_SREGS", ioctl(m.cpu, KVM_SET_SREGS, sregs));
    if (has_xsave) {
        check("KVM_SET_XCRS", ioctl(m.cpu, KVM_SET_XCRS, &xcrs));
    }
    check("KVM_SET_MSRS", ioctl(m.cpu, KVM_SET_MSRS, &msrs));
    check("KVM_SET_XSAVE", ioctl(m.cpu, KVM_SET_XSAVE, &xsave));
    m.run->kvm_valid_regs = KVM_SYNC_X86_REGS;
    struct kvm_regs *regs = &m.run->s.regs.regs;
    memset(regs, 0, sizeof *regs);
    regs->rip = CODE;
    regs->rsp = RAM;
    regs->rflags = 0x3202;
    m.run->kvm_dirty_regs = KVM_SYNC_X86_REGS;
    return m;
}

static void close_machine(struct machine *m)
{
    munmap(m->run, run_bytes);
    close(m->cpu);
    close(m->vm);
    munmap(m->ram, RAM);
}

static void run_to_call(struct machine *m)
{
    check("KVM_RUN", ioctl(m->cpu, KVM_RUN, 0));
    if (m->run->exit_reason != KVM_EXIT_IO || m->run->io.port != 0x10) {
        fprintf(stderr, "the guest ended with exit %u at 0x%llx\n", m->run->exit_reason, m->run->s.regs.regs.rip);
        exit(1);
    }
}

static void return_from_call(struct machine *m, uint64_t result)
{
    struct kvm_regs *regs = &m->run->s.regs.regs;
    regs->rax = result;
    if (stub_at_cpl_3) {
        regs->rip = regs->rcx;
        regs->rflags = (regs->r11 & 0x240CD5) | 0x3202;
    }
    m->run->kvm_dirty_regs |= KVM_SYNC_X86_REGS;
}

static int64_t exits(struct machine *m, long count)
{
    int64_t start = now_ns();
    for (long i = 0; i < count; i++) {
        return_from_call(m, i);
        run_to_call(m);
    }
    return now_ns() - start;
}

static int64_t faults(struct kvm_sregs *sregs, long count)
{
    struct machine m = clone_machine(sregs);
    struct kvm_regs *regs = &m.run->s.regs.regs;
    check("madvise", madvise(m.ram + DATA, RAM - DATA, MADV_POPULATE_WRITE));
    run_to_call(&m);                                                                    /* code and tables are mapped now */
    int64_t ns = 0;
    for (int part = 0; part < 2; part++) {                                              /* the first maps the code that touches */
        return_from_call(&m, 0);
        regs->rip = TOUCH;
        regs->rdi = part == 0 ? CODE : DATA;
        regs->rsi = part == 0 ? 1 : (uint64_t)count;
        regs->rdx = PREFETCHED_PAGES * PAGE;                                            /* KVM maps no two with one fault */
        if (!stub_at_cpl_3) {
            regs->rcx = TOUCH;                                                          /* SYSRET in the stub goes there */
            regs->rip = m.run->s.regs.regs.rip = STUB + 2;
        }
        int64_t start = now_ns();
        run_to_call(&m);
        ns = now_ns() - start;
    }
    close_machine(&m);
    return ns;
}

static int ascending(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static int64_t clones(struct kvm_sregs *sregs, long count)
{
    static int64_t ns[MOST_CLONES];
    for (long i = 0; i < count; i++) {
        int64_t start = now_ns();
        struct machine m = clone_machine(sregs);
        ns[i] = now_ns() - start;
        close_machine(&m);
    }
    qsort(ns, (size_t)count, sizeof ns[0], ascending);
    return ns[count / 2];
}

int main(void)
{
    enum { CPUID_ENTRIES = 256 };
    kvm = check("/dev/kvm", open("/dev/kvm", O_RDWR | O_CLOEXEC));
    run_bytes = check("KVM_GET_VCPU_MMAP_SIZE", ioctl(kvm, KVM_GET_VCPU_MMAP_SIZE, 0));
    cpuid = calloc(1, sizeof *cpuid + CPUID_ENTRIES * sizeof cpuid->entries[0]);
    cpuid->nent = CPUID_ENTRIES;
    check("KVM_GET_SUPPORTED_CPUID", ioctl(kvm, KVM_GET_SUPPORTED_CPUID, cpuid));
    for (uint32_t i = 0; i < cpuid->nent; i++) {
        has_xsave |= cpuid->entries[i].function == 1 && (cpuid->entries[i].ecx & 1 << 26);
    }
    fill_template();
    struct kvm_sregs sregs = {0}, at_stub;
    struct machine m = clone_machine(&sregs);
    run_to_call(&m);
    check("KVM_GET_SREGS", ioctl(m.cpu, KVM_GET_SREGS, &at_stub));
    stub_at_cpl_3 = at_stub.cs.dpl == 3;
    char what[16];
    long count;
    while (scanf("%15s %ld", what, &count) == 2) {
        int64_t ns = -1;
        if (!strcmp(what, "exit") && count > 0) {
            ns = exits(&m, count);
        } else if (!strcmp(what, "clone") && count > 0 && count <= MOST_CLONES) {
            ns = clones(&sregs, count);
        } else if (!strcmp(what, "fault") && count > 0 && count <= MOST_FAULTS) {
            ns = faults(&sregs, count);
        }
        printf("%lld\n", (long long)ns);
        fflush(stdout);
    }
    return 0;
}
