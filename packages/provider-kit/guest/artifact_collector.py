import os
def collect(root, limits):
    if not os.path.isdir(root): return
    for n in sorted(os.listdir(root)):
        p=os.path.join(root,n); s=os.stat(p).st_size
        yield ("file", n, s, open(p,"rb"))
