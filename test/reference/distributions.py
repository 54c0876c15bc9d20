"""Values of distributions with 40 digits.

    pip install mpmath
    python -I test/reference/distributions.py   # writes test/golden/vectors/distributions.json
"""
from mpmath import mp, mpf, quad, gamma, sqrt, exp, pi, erfc, betainc, gammainc, inf, log, findroot
import json
from pathlib import Path
mp.dps=40
out={}
out['normalUpper']=[[x, float(erfc(mpf(x)/sqrt(mpf(2)))/2)] for x in [-38,-9.25,-5,-2.5,-2,-1.999,-1,-0.1,1e-8,0.3,1,1.5,1.96,1.999,2,2.001,2.5,3.7,6,8.2,12.34,20,30.1,37.5]]
def zq(p):
    p=mpf(p)
    from mpmath import erfinv
    return findroot(lambda z: log(erfc(z/sqrt(mpf(2)))/2/p), sqrt(-2*log(p)) if p<0.1 else (0.5-p)*2.5)
out['normalUpperQuantile']=[[p,float(zq(p))] for p in [1e-300,1e-100,1e-20,1e-9,1e-4,0.001,0.0125,0.025,0.05,0.2,0.4,0.499,0.7,0.975]]
out['incompleteBeta']=[[a,b,x,float(betainc(mpf(a),mpf(b),0,mpf(x),regularized=True))] for a,b,x in [(0.5,0.5,0.3),(2,3,0.9),(2,3,0.01),(50,0.5,0.9),(50,0.5,0.05),(0.1,7.3,0.4),(1000,500,0.6),(1000,500,0.7),(30.5,0.5,1e-8),(3,4,0.5),(1,1,0.25)]]
def tup(t,df):
    t=mpf(t);df=mpf(df)
    x=df/(df+t*t)
    v=betainc(df/2,mpf(1)/2,0,x,regularized=True)/2
    return v if t>=0 else 1-v
out['studentUpper']=[[t,df,float(tup(t,df))] for t,df in [(0,3),(1e-6,5),(0.5,1),(3,1),(1e10,1),(2.5,2),(1e8,2),(1.7,2.5),(-1.3,4),(2.776,4),(12.7,7),(60,7),(400,7),(2,19),(25,19),(2,99),(30,99),(1.96,1000),(35,1000),(2,1e6),(-30,19)]]
def tq(p,df):
    p=mpf(p)
    lo,hi=mpf(0),mpf(1)
    while tup(hi,df)>p: hi*=4
    for _ in range(400):
        m=(lo+hi)/2
        if tup(m,df)>p: lo=m
        else: hi=m
    return m
out['studentUpperQuantile']=[[p,df,float(tq(p,df))] for p,df in [(0.025,1),(0.025,2),(0.025,3),(0.005,4),(0.025,7),(0.05,7),(0.00625,7),(0.49,7),(0.3,2.5),(0.1,19),(0.025,19),(1e-10,19),(1e-50,3),(1e-200,3),(0.025,299),(1e-30,299),(0.025,1e6)]]
def ncu(t,df,d):
    t,df,d=map(mpf,(t,df,d))
    c=2*(df/2)**(df/2)/gamma(df/2)
    f=lambda s: erfc((t*s-d)/sqrt(mpf(2)))/2*c*s**(df-1)*exp(-df*s*s/2)
    w=1/sqrt(df)
    pts=sorted(set([mpf(0)]+[max(mpf(0),1+k*w) for k in range(-30,31)]+[max(mpf(0),(d/t if t else 1)+k*w/4) for k in range(-20,21)]))
    return quad(f,pts+[pts[-1]*3, inf])
out['noncentralTUpper']=[[t,df,d,float(ncu(t,df,d))] for t,df,d in [(2.977,14,7.091415),(2.1448,14,1.2),(2.365,7,2.828),(-2.365,7,2.828),(0,5,1),(4.3,2,0.5),(12.7,1,3),(-12.7,1,3),(3.5,29,10),(60,7,1),(3,99,-8),(2.58,999,3),(-3,10,4),(3,7,0)]]
out['gammaUpper']=[[a,x,float(gammainc(mpf(a),mpf(x),inf,regularized=True))] for a,x in [(0.5,0.1),(0.5,3),(1.5,0.5),(1.5,40),(10,3),(10,30),(100,100),(1000,900),(3.5,1e-3),(2,2.9),(2,3.1)]]
def cq(p,df):
    a=mpf(df)/2
    lo,hi=mpf(0),mpf(1)
    f=lambda x: gammainc(a,0,x/2,regularized=True)
    while f(hi)<p: hi*=2
    for _ in range(200):
        m=(lo+hi)/2
        if f(m)<p: lo=m
        else: hi=m
    return m
out['chiSquareQuantile']=[[p,df,float(cq(mpf(p),df))] for p,df in [(0.2,1),(0.2,3),(0.2,7),(0.2,19),(0.95,1),(0.05,2),(0.5,10),(1e-6,5),(0.999999,5),(0.2,499)]]
target = Path(__file__).resolve().parent.parent / "golden" / "vectors" / "distributions.json"
target.write_text(json.dumps(out, indent=0) + "\n")
