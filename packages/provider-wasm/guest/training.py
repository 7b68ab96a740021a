import json, re, math, datetime, collections, itertools, functools, random, statistics, decimal, csv, io, hashlib, base64, textwrap, string, dataclasses, typing, time, traceback, copy, heapq, bisect, enum, asyncio, operator, struct, urllib.parse, uuid, zlib, pathlib
@dataclasses.dataclass
class P:
    x: int
    y: float = 1.0
def gen(n):
    for i in range(n): yield i * i
async def co(n):
    await asyncio.sleep(0); return n
def main():
    s = sum(gen(1000)); d = {str(i): [i, i * 1.5, None, True] for i in range(200)}
    t = json.loads(json.dumps(d, indent=1)); m = re.findall(r"(\w+)-(\d{2,})", "ab-12 cd-345 " * 20)
    for w in sorted(t, key=lambda k: -t[k][0]): pass
    p = P(1); q = copy.deepcopy([p, {1, 2}, (3,)]); f"{math.pi:.3f} {p!r} {datetime.datetime.now():%Y-%m-%d} {'%d %s' % (1, 'a')}"
    collections.Counter("hello world").most_common(2); statistics.stdev([1, 2, 3.5]); decimal.Decimal("1.1") ** 3; 2 ** 300 // 7; random.sample(range(100), 5)
    csv.DictReader(io.StringIO("a,b\n1,2\n")).__next__(); hashlib.sha256(b"x").hexdigest(); base64.b64encode(zlib.compress(b"abc" * 100)); heapq.nsmallest(3, [5, 1, 4])
    open("artifacts/a.txt", "w").write("x" * 5000); print(len(open("artifacts/a.txt").read()), "é".encode(), "a,b".split(","), " x ".strip(), "abc".replace("b", "c"))
    try: {}["k"]
    except KeyError: traceback.format_exc()
    asyncio.run(co(3)); pathlib.Path("b.txt").write_text("ü"); "\n".join(textwrap.wrap("lorem ipsum " * 30)); class_ = type("C", (), {"__slots__": ("a",)}); [*map(lambda v: v | 1, filter(None, range(50)))]
    return {"s": s, "m": len(m), "k": uuid.uuid4().hex[:0]}
